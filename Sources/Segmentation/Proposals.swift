import Imaging

/// How objects are looked for where nobody marked any.
public struct ProposalOptions: Sendable, Equatable {
  /// A label map has room for no more.
  public static let mostObjects = 255

  /// Clicks along each side of the frame (SAM's `points_per_side`), 1…64.
  public var pointsPerSide: Int
  /// 1…255.
  public var maximum: Int

  public init(pointsPerSide: Int = 16, maximum: Int = ProposalOptions.mostObjects) {
    self.pointsPerSide = pointsPerSide
    self.maximum = maximum
  }

  /// - Throws: `SegmentationError` where a number is out of its range.
  public func validate() throws(SegmentationError) {
    guard 1...64 ~= pointsPerSide else {
      throw SegmentationError(.badGrid, "a grid of \(pointsPerSide) points a side; 1 to 64 are possible")
    }
    guard 1...ProposalOptions.mostObjects ~= maximum else {
      throw SegmentationError(
        .tooManyObjects, "\(maximum) objects; 1 to \(ProposalOptions.mostObjects) are possible")
    }
  }
}

extension BuiltinPreparedFrame {
  public func proposals(_ options: ProposalOptions, beside known: Plane<UInt8>?) throws -> [Candidate] {
    try options.validate()
    if let known, known.width != image.width || known.height != image.height {
      throw SegmentationError(
        .outsideFrame, "a mask of \(known.width)x\(known.height) for a frame of \(image.width)x\(image.height)")
    }
    let taken = known.map { scene.shares(of: $0) } ?? [Float](repeating: 0, count: scene.graph.count)
    var held = known ?? Plane(width: image.width, height: image.height, repeating: 0)
    return ObjectGrid(scene: scene)
      .objects(pointsPerSide: options.pointsPerSide, maximum: options.maximum, taken: taken)
      .compactMap { found in
        var mask = refinedMask(found.labels, prompts: Prompts())
        var isEmpty = true
        for i in mask.samples.indices where mask.samples[i] != 0 {
          if held.samples[i] != 0 { mask.samples[i] = 0 } else { isEmpty = false }
          held.samples[i] = 255
        }
        return isEmpty ? nil : Candidate(mask: mask, score: found.score)
      }
  }
}
