import Foundation

/// A small fitted regression: one hidden layer of rectified units, then a logistic output.
///
/// Eight hidden units are summed side by side, each over the inputs in their order.
struct Perceptron<Input: SIMD & Sendable>: Sendable where Input.Scalar == Float {
  /// What each input weighs in eight units; the inputs of one group of units, then those of the next.
  private let columns: [SIMD8<Float>]
  private let biases: [SIMD8<Float>]
  private let outputs: [SIMD8<Float>]
  private let outputBias: Float

  /// `weights` holds, for each hidden unit, its input weights, its bias and its output weight; then the output's bias.
  init(_ weights: [Float]) {
    let stride = Input.scalarCount + 2
    let units = weights.count / stride
    precondition(weights.count == units * stride + 1, "a table of the wrong size")
    let groups = (units + 7) / 8
    // Units that fill up the last group are 0 throughout.
    func group(_ number: Int, _ place: Int) -> SIMD8<Float> {
      var lanes = SIMD8<Float>.zero
      for lane in 0..<min(8, units - 8 * number) { lanes[lane] = weights[(8 * number + lane) * stride + place] }
      return lanes
    }
    columns = (0..<groups).flatMap { number in (0..<Input.scalarCount).map { group(number, $0) } }
    biases = (0..<groups).map { group($0, Input.scalarCount) }
    outputs = (0..<groups).map { group($0, Input.scalarCount + 1) }
    outputBias = weights[units * stride]
  }

  func logit(_ input: Input) -> Float {
    var sum = outputBias
    withUnsafeBytes(of: input) { bytes in
      let inputs = bytes.assumingMemoryBound(to: Float.self)
      columns.withUnsafeBufferPointer { columns in
        for group in biases.indices {
          var activation = SIMD8<Float>.zero
          for i in 0..<Input.scalarCount { activation += columns[group * Input.scalarCount + i] * inputs[i] }
          activation += biases[group]
          for lane in 0..<8 where activation[lane] > 0 { sum += outputs[group][lane] * activation[lane] }
        }
      }
    }
    return sum
  }

  /// 0…1.
  func probability(_ input: Input) -> Float { 1 / (1 + exp(-logit(input))) }
}
