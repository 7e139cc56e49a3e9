import Imaging
import NeuralRuntime

/// What stands out in a picture, by a user's own network: a picture in, a mask out, as RemBG's U2-Net family. The network knows
/// no prompts; they choose among the connected parts of its mask.
public struct ImageMaskSegmenter: Segmenter {
  private let network: ImageMaskNetwork
  private let threads: Int

  public init(_ network: ImageMaskNetwork, threads: Int = 1) {
    self.network = network
    self.threads = max(1, threads)
  }

  /// Bytes that running a model takes: its weights as read and as the runtime packs them, and what lies between its layers,
  /// as measured with U2-Net's sizes.
  public static func memory(fileSize: Int) -> Int { 2 * fileSize + 512 << 20 }

  /// - Throws: `NeuralError`.
  public func prepare(_ image: RGBImage) throws -> ImageMaskFrame {
    ImageMaskFrame(odds: try network.odds(image, threads: threads))
  }
}

/// A user's network with the input and output that were found in it. Safe from any thread.
public struct ImageMaskNetwork: Sendable {
  private let file: ModelFile
  private let output: String
  private let size: ModelFile.PictureInput

  /// The size for networks that leave theirs open: U2-Net's.
  private static let openSide = 320
  private static let sides = 16...2048
  private static let mean = SIMD4<Float>(0.485, 0.456, 0.406, 0)
  private static let deviation = SIMD4<Float>(0.229, 0.224, 0.225, 1)

  /// - Throws: `NeuralError.badModel` where the file takes no picture or gives no mask.
  public init(_ path: String, runtime: NeuralRuntime, options: SessionOptions = .init()) throws(NeuralError) {
    file = try ModelFile(path, runtime, options)
    let size = try file.pictureInput(openSide: Self.openSide, sides: Self.sides) { Self.refusal(path, $0) }
    guard let output = file.outputs.first(where: { $0.fits([1, 1, size.height, size.width]) }) else {
      throw Self.refusal(path, "its outputs are \(file.outputs.described)")
    }
    self.size = size
    self.output = output.name
  }

  private static func refusal(_ path: String, _ why: String) -> NeuralError {
    NeuralError(
      .badModel,
      "\(path) cannot be a segmenter: one takes a picture [1, 3, height, width] and gives a mask [1, 1, height, width], "
        + "but \(why)")
  }

  /// The mask at the picture's size, its levels spread over 0…1 as RemBG does.
  func odds(_ image: RGBImage, threads: Int) throws(NeuralError) -> Plane<Float> {
    let answer = try file.session.run([size.name: tensor(image, threads: threads)], outputs: [output])[output]
    guard let answer, answer.shape == [1, 1, size.height, size.width] else {
      throw NeuralError(.badModel, "\(file.path) gave no mask of \(size.width)x\(size.height)")
    }
    let floats = answer.floats.map { $0.isFinite ? $0 : 0 }
    let (least, most) = (floats.min() ?? 0, floats.max() ?? 0)
    let spread = most > least ? 1 / (most - least) : 0
    return Plane(width: size.width, height: size.height, samples: floats.map { ($0 - least) * spread })
      .resized(width: image.width, height: image.height, threads: threads)
  }

  private func tensor(_ image: RGBImage, threads: Int) -> NeuralTensor {
    let small = image.resized(width: size.width, height: size.height, threads: threads)
    let area = size.width * size.height
    let most = small.pixels.reduce(UInt16(0)) { max($0, $1.x, max($1.y, $1.z)) }
    let scale = 1 / max(Float(most), 1)
    return NeuralTensor([1, 3, size.height, size.width]) { out in
      for (index, pixel) in small.pixels.enumerated() {
        let level = (SIMD4<Float>(pixel) * scale - Self.mean) / Self.deviation
        for channel in 0..<3 { out[channel * area + index] = level[channel] }
      }
    }
  }
}
