import GridNetwork
import Imaging

/// What a network is told of an object's window: the evidence, the picture and the place, by cells of up to a few of the window's.
struct EvidencePlane: Sendable {
  static let channels = 21

  /// A cell here is the mean of `step` x `step` of the window's.
  let step: Int
  /// Each channel roughly within -2…2.
  private(set) var cells: CellPlane

  /// - Parameters:
  ///   - claims: see `Track.claims`.
  ///   - limit: about the most cells.
  init(_ window: ObjectWindow, _ seen: Observation, claims: [Float], limit: Int) {
    step = max(1, Int((Double(window.region.area) / Double(limit)).squareRoot().rounded(.up)))
    let region = window.region
    cells = CellPlane(
      width: (region.width + step - 1) / step, height: (region.height + step - 1) / step, channels: Self.channels)
    for y in 0..<region.height {
      for x in 0..<region.width {
        let cell = cells.offset(x: x / step, y: y / step)
        let told = Self.told(window, seen, claims, x, y)
        for channel in 0..<Self.channels { cells.values[cell + channel] += told[channel] }
      }
    }
    if step > 1 { average(region) }
  }

  private mutating func average(_ region: Region) {
    for y in 0..<cells.height {
      let rows = min(region.height, (y + 1) * step) - y * step
      for x in 0..<cells.width {
        let share = 1 / Float(rows * (min(region.width, (x + 1) * step) - x * step))
        let cell = cells.offset(x: x, y: y)
        for channel in 0..<Self.channels { cells.values[cell + channel] *= share }
      }
    }
  }

  /// A value for each cell of the window from one for each cell here, row-major, bilinear between their middles.
  func spread(_ values: [Float], _ region: Region) -> [Float] {
    if step == 1 { return values }
    let (width, height) = (cells.width, cells.height)
    var out: [Float] = []
    out.reserveCapacity(region.area)
    for y in 0..<region.height {
      let v = max(0, min(Float(height - 1), (Float(y) + 0.5) / Float(step) - 0.5))
      let (top, bottom) = (Int(v) * width, min(height - 1, Int(v) + 1) * width)
      let down = v - Float(Int(v))
      for x in 0..<region.width {
        let u = max(0, min(Float(width - 1), (Float(x) + 0.5) / Float(step) - 0.5))
        let (left, right) = (Int(u), min(width - 1, Int(u) + 1))
        let across = u - Float(left)
        let upper = values[top + left] + (values[top + right] - values[top + left]) * across
        let lower = values[bottom + left] + (values[bottom + right] - values[bottom + left]) * across
        out.append(upper + (lower - upper) * down)
      }
    }
    return out
  }

  @inline(__always)
  private static func told(_ window: ObjectWindow, _ seen: Observation, _ claims: [Float], _ x: Int, _ y: Int)
    -> SIMD32<Float>
  {
    let at = y &* window.region.width &+ x
    let cell = (window.region.y &+ y) &* seen.grid.width &+ window.region.x &+ x
    let cells = seen.grid.count
    let place = window.pose.place(Float(window.region.x &+ x), Float(window.region.y &+ y))
    let others = max(1, claims[cell] - Logistic.exponential(window.score[at]))
    var out = SIMD32<Float>.zero
    out[0] = limited(window.distance[at], 20) * 0.1
    out[1] = limited(window.distance[at], 3) * 0.33
    out[2] = limited(window.look[at], 6) * 0.3
    out[3] = limited(window.full[at], 6) * 0.3
    out[4] = limited(window.anchored[at], 6) * 0.3
    out[5] = limited(window.ground[at], 2)
    out[6] = limited(window.score[at], 8) * 0.25
    out[7] = min(6, Logistic.logarithm(others)) * 0.33
    out[8] = seen.lab[cell]
    out[9] = seen.lab[cells &+ cell]
    out[10] = seen.lab[2 &* cells &+ cell]
    out[11] = seen.features.planes[12 &* cells &+ cell]
    out[12] = limited(place.x, 2.5)
    out[13] = limited(place.y, 2.5)
    out[14] = window.isCarried ? 0 : 1
    out[15] = window.unlike.plate[at]
    out[16] = window.unlike.camera[at]
    out[17] = window.unlike.object[at]
    (out[18], out[19], out[20]) = window.view?.told(place, seen.lab, cell, cells) ?? (0, 0, 0)
    return out
  }

  @inline(__always)
  private static func limited(_ value: Float, _ limit: Float) -> Float { max(-limit, min(limit, value)) }
}
