import Imaging
import Segmentation

extension ClipSession {
  /// An object found without a person's marks.
  public struct Proposal: Sendable {
    /// A pixel of the displayed frame that selects it.
    public let point: ObjectPrompt.Point
    public let answer: Answer
  }

  /// The objects of a frame without a person's marks: what a grid of clicks finds, largest first, none covering another.
  /// - Parameters:
  ///   - pointsPerSide: of the grid, 1…64.
  ///   - atMost: 1…255.
  public func proposals(on frame: Int, pointsPerSide: Int, atMost: Int) throws -> [Proposal] {
    guard 1...64 ~= pointsPerSide, 1...255 ~= atMost else {
      throw RemovalError(.badRequest, "proposals take 1 to 64 points a side and 1 to 255 objects")
    }
    let ready = try ready(frame)
    let (width, height) = (info.width, info.height)
    var taken = Plane<UInt8>(width: width, height: height, repeating: 0)
    var found: [Proposal] = []
    for row in 0..<pointsPerSide {
      for column in 0..<pointsPerSide where found.count < atMost {
        let x = (2 * column + 1) * width / (2 * pointsPerSide)
        let y = (2 * row + 1) * height / (2 * pointsPerSide)
        guard taken[x, y] == 0 else { continue }
        let best = try ready.candidates(for: Prompts(inside: [Prompts.Point(x: x, y: y)]))[0]
        let area = best.mask.samples.count { $0 != 0 }
        guard area * 1000 >= width * height, area * 2 <= width * height, taken.overlap(best.mask) * 4 < area else {
          continue
        }
        for i in taken.samples.indices where best.mask.samples[i] != 0 { taken.samples[i] = 255 }
        let shown = info.orientation.displayed(x: x, y: y, codedWidth: width, codedHeight: height)
        found.append(
          Proposal(point: ObjectPrompt.Point(x: shown.x, y: shown.y), answer: answer(best.mask, score: best.score)))
      }
    }
    return found.sorted { $0.answer.pixels > $1.answer.pixels }
  }
}

extension Plane where Sample == UInt8 {
  fileprivate func overlap(_ other: Plane<UInt8>) -> Int {
    zip(samples, other.samples).reduce(0) { $0 + ($1.0 != 0 && $1.1 != 0 ? 1 : 0) }
  }
}
