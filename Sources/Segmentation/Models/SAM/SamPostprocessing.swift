import NeuralRuntime

/// Low-resolution mask logits back at the frame's size.
public struct SamPostprocessing: Sendable {
  /// Height and width within the network's square, and of the frame.
  public let input: (height: Int, width: Int)
  public let original: (height: Int, width: Int)

  public init(input: (height: Int, width: Int), original: (height: Int, width: Int)) {
    self.input = input
    self.original = original
  }

  public init(_ preprocessing: SamPreprocessing) {
    self.init(
      input: (preprocessing.resized.height, preprocessing.resized.width),
      original: (preprocessing.original.height, preprocessing.original.width))
  }

  /// A plane of 256x256 logits: bilinear to 1024, cut to the picture, bilinear to the frame; half-pixel centres.
  public func upscaled(_ plane: UnsafeBufferPointer<Float>) -> [Float] {
    let side = SamDecoderGraph.maskSide
    let square = SamArchitecture.side
    let across = LinearTaps(from: side, to: square).prefix(input.width)
    let down = LinearTaps(from: side, to: square).prefix(input.height)
    let picture = Self.resample(plane, width: side, across, down)
    return picture.withUnsafeBufferPointer {
      Self.resample(
        $0, width: input.width, LinearTaps(from: input.width, to: original.width),
        LinearTaps(from: input.height, to: original.height))
    }
  }

  private static func resample(
    _ source: UnsafeBufferPointer<Float>, width: Int, _ across: LinearTaps, _ down: LinearTaps
  ) -> [Float] {
    let columns = across.taps.count
    return [Float](unsafeUninitializedCapacity: columns * down.taps.count) { out, count in
      for (y, v) in down.taps.enumerated() {
        let (upper, lower) = (v.first * width, v.second * width)
        for (x, h) in across.taps.enumerated() {
          let top = source[upper + h.first] * (1 - h.part) + source[upper + h.second] * h.part
          let bottom = source[lower + h.first] * (1 - h.part) + source[lower + h.second] * h.part
          out[y * columns + x] = top * (1 - v.part) + bottom * v.part
        }
      }
      count = columns * down.taps.count
    }
  }
}

/// The two neighbours and the weight of the second, for each sample along an axis; PyTorch's float32 positions.
private struct LinearTaps {
  var taps: [(first: Int, second: Int, part: Float)]

  init(from: Int, to: Int) {
    let scale = Float(from) / Float(to)
    taps = (0..<to).map { index in
      let position = max(0, (Float(index) + 0.5) * scale - 0.5)
      let first = min(Int(position), from - 1)
      return (first, min(first + 1, from - 1), position - Float(first))
    }
  }

  func prefix(_ count: Int) -> LinearTaps {
    var cut = self
    cut.taps = Array(taps.prefix(count))
    return cut
  }
}
