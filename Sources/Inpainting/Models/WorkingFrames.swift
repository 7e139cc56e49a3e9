import Imaging
import NeuralRuntime

/// A window's frames at a network's size, and its pictures put back into them.
struct WorkingFrames: Sendable {
  let window: InpaintingWindow
  let width: Int
  let height: Int
  let threads: Int
  let upscaler: any Upscaler

  /// Pixels by which the networks were trained to see the hole grown, at their size.
  private static let growth = 4

  private var size: Region { window.frames[0].bounds }
  private var isResized: Bool { size.width != width || size.height != height }

  func image(_ index: Int) -> RGBImage {
    let image = window.frames[index]
    return isResized ? image.resized(width: width, height: height, interpolation: .bicubic, threads: threads) : image
  }

  /// What the network is not to see: the hole and some pixels around it. What an earlier window filled counts as known.
  func hole(_ index: Int) -> Plane<UInt8> {
    var hole = window.holes[index]
    if let filled = window.filled[index] {
      for (at, origin) in filled.samples.enumerated() where origin != 0 { hole.samples[at] = 0 }
    }
    if isResized {
      // Growing first keeps every hidden pixel inside the smaller hole.
      let step = max(size.width / width, size.height / height)
      hole = hole.dilated(radius: step).resizedNearest(width: width, height: height)
    }
    return hole.dilated(radius: Self.growth)
  }

  /// [1, 3, height, width] in -1…1, the hole at 0.
  /// - Parameter channels: which component goes where.
  func tensor(_ image: RGBImage, hole: Plane<UInt8>, channels: [Int] = [0, 1, 2]) -> NeuralTensor {
    let area = width * height
    return NeuralTensor([1, 3, height, width]) { out in
      for index in 0..<area where hole.samples[index] == 0 {
        let level = SIMD4<Float>(image.pixels[index]) * (2 / (255 * 256)) - 1
        for (plane, channel) in channels.enumerated() { out[plane * area + index] = level[channel] }
      }
    }
  }

  /// The window's frame with `picture`, of the working size, in its hole.
  func filled(_ index: Int, with picture: RGBImage) throws -> FilledFrame {
    let hole = window.holes[index]
    let full = isResized ? try upscaler.enlarged(picture, needed: hole) : picture
    var image = window.frames[index]
    for (at, sample) in hole.samples.enumerated() where sample != 0 { image.pixels[at] = full.pixels[at] }
    return FilledFrame(image: image, provenance: hole.map { $0 == 0 ? 0 : Provenance.madeUp.rawValue })
  }
}
