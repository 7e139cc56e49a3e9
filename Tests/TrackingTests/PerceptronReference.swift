import CPixelKernels
import Foundation

/// What the perceptron kernels compute, one sample at a time, in the same order of operations.
struct PerceptronReference {
  let inputs: Int
  let weights: [Float]

  private static func leaky(_ v: Float) -> Float { v > 0 ? v : v * 0.05 }

  private static func dense(_ weights: ArraySlice<Float>, _ input: [Float], _ outputs: Int) -> [Float] {
    let start = weights.startIndex
    return (0..<outputs).map { j in
      var sum = weights[start + input.count * outputs + j]
      for i in input.indices { sum += input[i] * weights[start + i * outputs + j] }
      return sum
    }
  }

  func hidden(_ features: [Float]) -> [Float] {
    let first = Self.dense(weights[0...], features, 32).map(Self.leaky)
    return Self.dense(weights[(inputs * 32 + 32)...], first, 16).map(Self.leaky)
  }

  static func head(_ head: [Float], _ hidden: [Float], _ x: Float, _ y: Float) -> (look: Float, full: Float) {
    var look = head[16]
    for j in 0..<16 { look += hidden[j] * head[j] }
    let units = dense(head[17...], hidden + [x, y, x * x, y * y, x * y], 16).map(leaky)
    let out = 17 + 21 * 16 + 16
    var full = look + head[out + 16]
    for j in 0..<16 { full += units[j] * head[out + j] }
    return (look, full)
  }

  /// The sum of both cross entropies; samples laid out as the kernel wants them.
  func loss(_ samples: [Float], _ places: [Float], _ labels: [UInt8], _ objects: Int) -> Double {
    let count = labels.count
    let trunk = inputs * 32 + 32 + 32 * 16 + 16
    let size = Int(CPK_TRACK_HEAD)
    return (0..<count).reduce(0) { sum, s in
      let hidden = hidden((0..<inputs).map { samples[$0 * count + s] })
      let odds = (0..<objects).map { k in
        Self.head(
          Array(weights[(trunk + k * size)..<(trunk + (k + 1) * size)]), hidden, places[2 * k * count + s],
          places[(2 * k + 1) * count + s])
      }
      let label = Int(labels[s])
      return sum + Self.entropy(odds.map { Double($0.look) }, label) + Self.entropy(odds.map { Double($0.full) }, label)
    }
  }

  private static func entropy(_ odds: [Double], _ label: Int) -> Double {
    let total = odds.reduce(1) { $0 + exp($1) }
    return log(total) - (label == 0 ? 0 : odds[label - 1])
  }
}
