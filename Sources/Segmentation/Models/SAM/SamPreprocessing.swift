import Imaging
import NeuralRuntime

/// From a frame to the encoder's picture: the longest side to 1024, antialiased, normalised, zeros at right and bottom.
public struct SamPreprocessing: Sendable {
  /// The frame's size.
  public let original: (width: Int, height: Int)
  /// The size within the network's square.
  public let resized: (width: Int, height: Int)

  static let mean: [Float] = [123.675, 116.28, 103.53]
  static let deviation: [Float] = [58.395, 57.12, 57.375]

  public init(width: Int, height: Int) {
    original = (width, height)
    let scale = Double(SamArchitecture.side) / Double(max(width, height))
    func side(_ length: Int) -> Int { max(1, Int(Double(length) * scale + 0.5)) }
    resized = (side(width), side(height))
  }

  /// A position in the frame, in the network's square.
  public func position(x: Double, y: Double) -> (x: Double, y: Double) {
    (
      x * (Double(resized.width) / Double(original.width)), y * (Double(resized.height) / Double(original.height))
    )
  }

  /// 8-bit levels, three a pixel, of the resized frame, as Pillow resamples: a triangle that widens when shrinking, in
  /// fixed point, rows rounded before columns.
  public func resizedBytes(_ rgb: [UInt8]) -> [UInt8] {
    let horizontal = TriangleTaps(from: original.width, to: resized.width)
    let vertical = TriangleTaps(from: original.height, to: resized.height)
    let rows = horizontal.resample(rgb, lines: original.height, step: 3, lineStep: original.width * 3, isColumns: false)
    return vertical.resample(rows, lines: resized.width, step: resized.width * 3, lineStep: 3, isColumns: true)
  }

  /// The same in floating point, without rounding, [1, 3, height, width].
  public func resizedFloats(_ rgb: [UInt8]) -> NeuralTensor {
    let horizontal = TriangleTaps(from: original.width, to: resized.width)
    let vertical = TriangleTaps(from: original.height, to: resized.height)
    let (width, height) = resized
    return NeuralTensor([1, 3, height, width]) { out in
      var rows = [Float](repeating: 0, count: original.height * width)
      for channel in 0..<3 {
        for y in 0..<original.height {
          for (x, tap) in horizontal.taps.enumerated() {
            var sum: Float = 0
            for (index, weight) in tap.weights.enumerated() {
              sum += Float(rgb[(y * original.width + tap.first + index) * 3 + channel]) * Float(weight)
            }
            rows[y * width + x] = sum
          }
        }
        for (y, tap) in vertical.taps.enumerated() {
          for x in 0..<width {
            var sum: Float = 0
            for (index, weight) in tap.weights.enumerated() {
              sum += rows[(tap.first + index) * width + x] * Float(weight)
            }
            out[(channel * height + y) * width + x] = sum
          }
        }
      }
    }
  }

  /// The encoder's picture, [1, 3, 1024, 1024].
  public func picture(resizedBytes bytes: [UInt8]) -> NeuralTensor {
    let side = SamArchitecture.side
    return NeuralTensor([1, 3, side, side]) { out in
      for channel in 0..<3 {
        for y in 0..<resized.height {
          for x in 0..<resized.width {
            let level = Float(bytes[(y * resized.width + x) * 3 + channel])
            out[(channel * side + y) * side + x] = (level - Self.mean[channel]) / Self.deviation[channel]
          }
        }
      }
    }
  }
}

/// The weights of an antialiased bilinear resampling along one axis.
struct TriangleTaps {
  let taps: [(first: Int, weights: [Double])]
  private static let precision = 22

  init(from: Int, to: Int) {
    let scale = Double(from) / Double(to)
    let reach = max(scale, 1)
    taps = (0..<to).map { index in
      let centre = (Double(index) + 0.5) * scale
      let first = max(0, Int(centre - reach + 0.5))
      let end = min(from, Int(centre + reach + 0.5))
      let weights = (first..<max(end, first + 1)).map { max(0, 1 - abs((Double($0) - centre + 0.5) / reach)) }
      let sum = weights.reduce(0, +)
      return (first, weights.map { sum > 0 ? $0 / sum : 1 / Double(weights.count) })
    }
  }

  /// Resamples interleaved bytes of three channels; `step` is between elements along the axis, `lineStep` between lines.
  func resample(_ bytes: [UInt8], lines: Int, step: Int, lineStep: Int, isColumns: Bool) -> [UInt8] {
    let fixed = taps.map { tap in (tap.first, tap.weights.map { Int32(0.5 + $0 * Double(1 << Self.precision)) }) }
    var out = [UInt8](repeating: 0, count: lines * taps.count * 3)
    let outStep = isColumns ? lines * 3 : 3
    let outLine = isColumns ? 3 : taps.count * 3
    bytes.withUnsafeBufferPointer { bytes in
      for line in 0..<lines {
        for (index, tap) in fixed.enumerated() {
          for channel in 0..<3 {
            var sum: Int32 = 1 << (Self.precision - 1)
            var at = line * lineStep + tap.0 * step + channel
            for weight in tap.1 {
              sum &+= Int32(bytes[at]) &* weight
              at += step
            }
            out[line * outLine + index * outStep + channel] = UInt8(max(0, min(255, sum >> Int32(Self.precision))))
          }
        }
      }
    }
    return out
  }
}
