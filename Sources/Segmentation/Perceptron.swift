import Foundation

/// A small fitted regression: one hidden layer of rectified units, then a logistic output.
struct Perceptron<Input: SIMD & Sendable>: Sendable where Input.Scalar == Float {
  private let hidden: [Input]
  private let biases: [Float]
  private let output: [Float]
  private let outputBias: Float

  /// `weights` holds, for each hidden unit, its input weights, its bias and its output weight; then the output's bias.
  init(_ weights: [Float]) {
    let stride = Input.scalarCount + 2
    let units = weights.count / stride
    precondition(weights.count == units * stride + 1, "a table of the wrong size")
    hidden = (0..<units).map { unit in
      var row = Input.zero
      for i in 0..<Input.scalarCount { row[i] = weights[unit * stride + i] }
      return row
    }
    biases = (0..<units).map { weights[$0 * stride + Input.scalarCount] }
    output = (0..<units).map { weights[$0 * stride + Input.scalarCount + 1] }
    outputBias = weights[units * stride]
  }

  @inline(__always)
  func logit(_ input: Input) -> Float {
    var sum = outputBias
    for unit in hidden.indices {
      let activation = (hidden[unit] * input).sum() + biases[unit]
      if activation > 0 { sum += output[unit] * activation }
    }
    return sum
  }

  /// 0…1.
  @inline(__always)
  func probability(_ input: Input) -> Float { 1 / (1 + exp(-logit(input))) }
}
