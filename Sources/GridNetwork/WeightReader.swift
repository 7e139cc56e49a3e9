import Foundation

/// Takes a network's layers from its table one after another.
package struct WeightReader {
  private let weights: [Float]
  private var place = 0

  package init(_ weights: [Float]) { self.weights = weights }

  /// - Parameter text: bfloat16, little endian, in base 64.
  package init(base64 text: String) {
    let bytes = Data(base64Encoded: text, options: .ignoreUnknownCharacters) ?? Data()
    weights = stride(from: bytes.startIndex, to: bytes.endIndex - 1, by: 2).map {
      Float(bitPattern: UInt32(bytes[$0]) << 16 | UInt32(bytes[$0 + 1]) << 24)
    }
  }

  package var isAtEnd: Bool { place == weights.count }

  private mutating func take(_ count: Int) -> ArraySlice<Float> {
    precondition(place + count <= weights.count, "a table of the wrong size")
    place += count
    return weights[place - count..<place]
  }

  package mutating func vector(_ count: Int) -> [Float] { Array(take(count)) }

  /// Outputs are filled up to whole vectors with 0.
  package mutating func layer(_ inputs: Int, _ outputs: Int, reach: Int = 0, isRectified: Bool = true) -> NetworkLayer {
    let padded = (outputs + 7) / 8 * 8
    let taps = (2 * reach + 1) * (2 * reach + 1)
    let table = Array(take(taps * inputs * outputs))
    var filled = [Float](repeating: 0, count: taps * inputs * padded)
    for row in 0..<taps * inputs {
      for output in 0..<outputs {
        filled[(output / 8 * taps * inputs + row) * 8 + output % 8] = table[row * outputs + output]
      }
    }
    let biases = Array(take(outputs)) + [Float](repeating: 0, count: padded - outputs)
    return NetworkLayer(
      inputs: inputs, outputs: padded, reach: reach, isRectified: isRectified, weights: filled, biases: biases)
  }
}
