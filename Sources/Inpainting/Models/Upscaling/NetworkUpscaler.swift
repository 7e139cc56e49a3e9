import Imaging
import NeuralRuntime

/// Enlarges by a user's own network that takes a picture and gives it some times as large, as Real-ESRGAN and its kin do
/// (Wang et al. 2021): in tiles, and only those that are needed.
///
/// Safe from any thread.
public struct NetworkUpscaler: Upscaler {
  private let file: ModelFile
  private let output: String
  /// What the network sees at a time, and by how much it enlarges.
  private let tile: ModelFile.PictureInput
  private let factor: Int
  private let threads: Int

  /// The tile for networks that leave its size open.
  private static let openSide = 128
  private static let sides = 48...1024
  private static let factors = 2...8
  /// Pixels around a tile's own that only give it surroundings.
  private static let border = 12

  /// - Throws: `NeuralError.badModel` where the file takes no picture or gives none that is larger.
  public init(
    _ path: String, runtime: NeuralRuntime, options: SessionOptions = .init()
  ) throws(NeuralError) {
    file = try ModelFile(path, runtime, options)
    threads = options.threads
    tile = try file.pictureInput(openSide: Self.openSide, sides: Self.sides) { Self.refusal(path, $0) }
    guard let output = file.outputs.first(where: \.isPicture) else {
      throw Self.refusal(path, "its outputs are \(file.outputs.described)")
    }
    self.output = output.name
    // Sizes that are open tell nothing: one tile does.
    let answer = try file.session.run(
      [tile.name: NeuralTensor(repeating: 0.5, [1, 3, tile.height, tile.width])], outputs: [output.name])
    let shape = answer[output.name]?.shape ?? []
    factor = shape.count == 4 ? shape[3] / tile.width : 0
    guard Self.factors.contains(factor), shape == [1, 3, tile.height * factor, tile.width * factor] else {
      throw Self.refusal(path, "of a picture [1, 3, \(tile.height), \(tile.width)] it makes \(shape)")
    }
  }

  /// Bytes that enlarging takes beside the picture: the weights as read and as packed, and what lies between the layers for
  /// one tile, as measured with the sizes of Real-ESRGAN x4.
  public static func memory(fileSize: Int) -> Int { 2 * fileSize + 512 << 20 }

  private static func refusal(_ path: String, _ why: String) -> NeuralError {
    NeuralError(
      .badModel,
      "\(path) cannot enlarge: such a model takes a picture [1, 3, height, width] and gives [1, 3, s * height, s * width] "
        + "with s of \(factors.lowerBound) to \(factors.upperBound), but \(why)")
  }

  public func enlarged(_ image: RGBImage, needed: Plane<UInt8>) throws -> RGBImage {
    var large = image.resized(
      width: image.width * factor, height: image.height * factor, interpolation: .bicubic, threads: threads)
    let step = (x: tile.width - 2 * Self.border, y: tile.height - 2 * Self.border)
    for y in stride(from: 0, to: image.height, by: step.y) {
      for x in stride(from: 0, to: image.width, by: step.x) {
        let own = Region(x: x, y: y, width: min(step.x, image.width - x), height: min(step.y, image.height - y))
        guard isNeeded(own, of: image, needed) else { continue }
        try enlarge(own, of: image, into: &large)
      }
    }
    // An area average where the network enlarges further than is wanted.
    return large.resized(width: needed.width, height: needed.height, interpolation: .bicubic, threads: threads)
  }

  /// Whether the result looks at any pixel of a tile, or right beside it.
  private func isNeeded(_ own: Region, of image: RGBImage, _ needed: Plane<UInt8>) -> Bool {
    let left = max(0, (own.x - 2) * needed.width / image.width)
    let right = min(needed.width, ((own.maxX + 2) * needed.width + image.width - 1) / image.width)
    let top = max(0, (own.y - 2) * needed.height / image.height)
    let bottom = min(needed.height, ((own.maxY + 2) * needed.height + image.height - 1) / image.height)
    return (top..<max(top, bottom)).contains { y in
      (left..<max(left, right)).contains { x in needed[x, y] != 0 }
    }
  }

  private func enlarge(_ own: Region, of image: RGBImage, into large: inout RGBImage) throws(NeuralError) {
    let answer = try file.session.run([tile.name: picture(around: own, of: image)], outputs: [output])[output]
    let (width, area) = (tile.width * factor, tile.width * tile.height * factor * factor)
    guard let answer, answer.shape == [1, 3, tile.height * factor, width] else {
      throw NeuralError(.badModel, "\(file.path) gave no picture \(factor) times as large")
    }
    let skipped = Self.border * factor
    answer.withFloats { floats in
      for y in 0..<own.height * factor {
        for x in 0..<own.width * factor {
          let at = (y + skipped) * width + x + skipped
          let level = 255 * SIMD4(floats[at], floats[area + at], floats[2 * area + at], 0)
          // What is no number counts as black.
          let number = level.replacing(with: 0, where: level .!= level)
          large[own.x * factor + x, own.y * factor + y] = RGBImage.fixed(
            number.clamped(lowerBound: .zero, upperBound: .init(repeating: 255)))
        }
      }
    }
  }

  /// A tile with its surroundings, [1, 3, height, width] in 0…1; the picture's edges are repeated.
  private func picture(around own: Region, of image: RGBImage) -> NeuralTensor {
    let area = tile.width * tile.height
    return NeuralTensor([1, 3, tile.height, tile.width]) { out in
      for y in 0..<tile.height {
        let row = max(0, min(image.height - 1, own.y + y - Self.border))
        for x in 0..<tile.width {
          let pixel = image[max(0, min(image.width - 1, own.x + x - Self.border)), row]
          let level = SIMD4<Float>(pixel) * (1 / (255 * 256))
          for channel in 0..<3 { out[channel * area + y * tile.width + x] = level[channel] }
        }
      }
    }
  }
}
