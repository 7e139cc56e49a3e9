import Imaging
import NeuralRuntime

/// Frames as networks trained on ImageNet's statistics see them.
enum NormalisedPicture {
  private static let mean = SIMD4<Float>(0.485, 0.456, 0.406, 0)
  private static let deviation = SIMD4<Float>(0.229, 0.224, 0.225, 1)

  /// [1, 3, height, width]: (level / 255 - mean) / deviation.
  static func tensor(_ image: RGBImage, threads: Int) -> NeuralTensor {
    let area = image.width * image.height
    return NeuralTensor([1, 3, image.height, image.width]) { out in
      nonisolated(unsafe) let out = out
      Rows.concurrently(image.height, threads: threads) { rows in
        for index in rows.lowerBound * image.width..<rows.upperBound * image.width {
          let level = SIMD4<Float>(image.pixels[index]) * (1 / 256)
          let value = (level / 255 - mean) / deviation
          (out[index], out[area + index], out[2 * area + index]) = (value.x, value.y, value.z)
        }
      }
    }
  }
}
