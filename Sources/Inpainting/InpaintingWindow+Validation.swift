import Imaging

extension InpaintingWindow {
  /// - Throws: `InpaintingError.wrongSize` where frames, holes and core do not belong together.
  func validate() throws(InpaintingError) {
    let count = frames.count
    guard count > 0, holes.count == count, filled.count == count, core.lowerBound >= 0, core.upperBound <= count else {
      throw InpaintingError(.wrongSize, "a window of \(count) frames, \(holes.count) holes, core \(core)")
    }
    let size = frames[0].bounds
    for index in 0..<count {
      guard frames[index].bounds == size, holes[index].bounds == size, filled[index]?.bounds ?? size == size else {
        throw InpaintingError(.wrongSize, "frame \(index) of the window differs in size from the first")
      }
    }
  }

  /// Whether there is anything to fill.
  var hasHole: Bool { core.contains { holes[$0].boundingBox != nil } }

  /// The core as it is.
  var untouched: [FilledFrame] { core.map { FilledFrame(image: frames[$0], provenance: holes[$0]) } }
}
