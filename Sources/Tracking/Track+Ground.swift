import Imaging
import Motion

/// What the background says of each cell, as log-odds that it is hidden there.
struct GroundOdds {
  private let differences: [Float?]
  /// How well the background fits where it is in sight; a scene with depth, or one that changes, makes it say less.
  private let usual: Float
  private let even: Float

  /// - Parameters:
  ///   - differences: of each cell to the background, nil where that is not known.
  init(_ differences: [Float?]) {
    self.differences = differences
    // Most of what is known is in sight, and a sample tells the median well enough.
    let known = stride(from: 0, to: differences.count, by: 7).compactMap { differences[$0] }.sorted()
    usual = (known.isEmpty ? 0 : known[known.count / 2]) + Tuning.slack
    // An object may differ from the background by anything up to `spread`.
    even = max(0.5, Logistic.logarithm(Tuning.spread / usual))
  }

  /// In four times what is usual, at most 2; -1 where it is not known.
  func unlike(_ difference: Float?) -> Float { difference.map { min(2, $0 / (4 * usual)) } ?? -1 }
  func unlike(_ cell: Int) -> Float { unlike(differences[cell]) }

  /// nil where the background is not known.
  func odds(_ cell: Int) -> Float? {
    differences[cell].map { Tuning.plate * max(-Tuning.plateAgainst, min(Tuning.plateFor, $0 / usual - even)) }
  }

  /// Of a cell that differs by so much from where the camera's motion, and an object's, say that it came from.
  func odds(byCamera: Float, byObject: Float) -> Float {
    Tuning.plate * max(-Tuning.motionLimit, min(Tuning.motionLimit, (byCamera - byObject) / usual))
  }
}

extension Track {
  /// Weighs each cell by the background; where that is not known, by whether the cell moved with the camera rather than
  /// with the object.
  func weighGround(_ windows: inout [ObjectWindow], _ ground: GroundOdds, _ carried: CarriedLabels) {
    for i in windows.indices {
      let motion = objects[windows[i].index - 1].motion
      let region = windows[i].region
      let byObject = carried.differences(region: region) { x, y in motion.source(SIMD2(Float(x), Float(y))) }
      if windows[i].isCarried { windows[i].unlike.object = byObject.map { ground.unlike($0) } }
      guard let camera else { continue }
      let byCamera = carried.differences(region: region) { x, y in camera(SIMD2(Float(x), Float(y))) }
      windows[i].unlike.camera = byCamera.map { ground.unlike($0) }
      windows[i].eachCell(grid.width) { at, cell, window in
        window.unlike.plate[at] = ground.unlike(cell)
        if let odds = ground.odds(cell) {
          window.ground[at] = odds
        } else if window.isCarried {
          window.ground[at] = ground.odds(byCamera: byCamera[at], byObject: byObject[at])
        }
      }
    }
  }
}
