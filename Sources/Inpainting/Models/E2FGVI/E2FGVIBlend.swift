import Imaging
import NeuralRuntime

/// A frame as windows fill it one after another: levels are cut to whole numbers, and each later window counts for half.
public struct E2FGVIBlend: Sendable {
  /// Levels 0…255, row by row, red, green and blue; nil before the first window.
  public private(set) var levels: [Float]?

  public init() {}

  /// - Parameter picture: [1, 3, rows, columns] in -1…1, of which the first `height` and `width` count.
  public mutating func add(_ picture: NeuralTensor, width: Int, height: Int) {
    let (rows, columns) = (picture.shape[2], picture.shape[3])
    var own = [Float](repeating: 0, count: width * height * 3)
    picture.withFloats { floats in
      for y in 0..<height {
        for x in 0..<width {
          for channel in 0..<3 {
            let value = floats[(channel * rows + y) * columns + x]
            own[(y * width + x) * 3 + channel] = max(0, min(255, ((value + 1) / 2 * 255).rounded(.down)))
          }
        }
      }
    }
    guard let before = levels else {
      levels = own
      return
    }
    levels = zip(before, own).map { $0 * 0.5 + $1 * 0.5 }
  }

  /// The levels as a picture; nil before the first window.
  func picture(width: Int, height: Int) -> RGBImage? {
    guard let levels else { return nil }
    let pixels = (0..<width * height).map { index in
      RGBImage.fixed(SIMD4(levels[3 * index], levels[3 * index + 1], levels[3 * index + 2], 0))
    }
    return RGBImage(width: width, height: height, pixels: pixels)
  }
}
