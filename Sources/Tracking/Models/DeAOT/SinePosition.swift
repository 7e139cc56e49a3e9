import Foundation
import NeuralRuntime

/// Positions as sines and cosines of falling frequency (Carion et al. 2020), half of the channels for y, then half for x.
public enum SinePosition {
  /// [1, channels, rows, columns].
  public static func embedding(rows: Int, columns: Int, channels: Int) -> NeuralTensor {
    let half = channels / 2
    let frequencies = (0..<half).map { Float(pow(10000, 2 * Double($0 / 2) / Double(half))) }
    func waves(_ index: Int, of count: Int) -> [Float] {
      let angle = Float(index) / (Float(count - 1) + 1e-6) * Float(2 * Double.pi)
      return frequencies.enumerated().map { $0 % 2 == 0 ? sin(angle / $1) : cos(angle / $1) }
    }
    let down = (0..<rows).map { waves($0, of: rows) }
    let across = (0..<columns).map { waves($0, of: columns) }
    return NeuralTensor([1, channels, rows, columns]) { out in
      for channel in 0..<half {
        for y in 0..<rows {
          for x in 0..<columns {
            out[(channel * rows + y) * columns + x] = down[y][channel]
            out[((half + channel) * rows + y) * columns + x] = across[x][channel]
          }
        }
      }
    }
  }
}
