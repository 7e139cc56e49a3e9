import Imaging
import Segmentation

extension ClipSession {
  /// An object found without a person's marks.
  public struct Proposal: Sendable {
    /// A pixel of the displayed frame that selects it.
    public let point: ObjectPrompt.Point
    public let answer: Answer
  }

  /// The objects of a frame without a person's marks, largest and most certain first, none covering another.
  /// - Parameters:
  ///   - pointsPerSide: of the grid, 1…64.
  ///   - atMost: 1…255.
  public func proposals(on frame: Int, pointsPerSide: Int, atMost: Int) throws -> [Proposal] {
    let options = ProposalOptions(pointsPerSide: pointsPerSide, maximum: atMost)
    return try ready(frame).proposals(options, beside: nil).map { found in
      let place = found.mask.middleOfLongestRow
      let shown = info.orientation.displayed(x: place.x, y: place.y, codedWidth: info.width, codedHeight: info.height)
      return Proposal(
        point: ObjectPrompt.Point(x: shown.x, y: shown.y), answer: answer(found.mask, score: found.score))
    }
  }
}

extension Plane where Sample == UInt8 {
  /// The middle of the longest row of pixels that are not 0: well inside, for shapes that are not threads.
  fileprivate var middleOfLongestRow: (x: Int, y: Int) {
    var best = (length: 0, x: 0, y: 0)
    for y in 0..<height {
      var start = 0
      for x in 0..<width {
        if self[x, y] == 0 {
          start = x + 1
        } else if x + 1 - start > best.length {
          best = (x + 1 - start, (start + x) / 2, y)
        }
      }
    }
    return (best.x, best.y)
  }
}
