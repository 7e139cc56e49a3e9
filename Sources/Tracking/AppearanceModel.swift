import CPixelKernels

/// A perceptron of two hidden layers that tells the objects from the background by `PixelFeatures`, learnt on the clip
/// itself by Adam (Kingma and Ba, 2015) on the cross entropy of a softmax whose background logit is 0.
struct AppearanceModel: Sendable {
  private static let inputs = PixelFeatures.count
  private static let hidden1 = CPK_TRACK_HIDDEN1
  static let hidden2 = CPK_TRACK_HIDDEN2
  private static let headSize = hidden2 + 1
  private static let trunkSize = inputs * hidden1 + hidden1 + hidden1 * hidden2 + hidden2
  static let batch = 128

  private(set) var objects = 0
  private var weights: [Float]
  private var mean: [Float]
  private var variance: [Float]
  private var steps = 0

  init(random: inout RandomSource) {
    weights = []
    weights.reserveCapacity(Self.trunkSize)
    Self.layer(Self.inputs, Self.hidden1, &weights, &random)
    Self.layer(Self.hidden1, Self.hidden2, &weights, &random)
    mean = [Float](repeating: 0, count: weights.count)
    variance = mean
  }

  /// Uniform weights of He's variance, then zero biases.
  private static func layer(_ inputs: Int, _ outputs: Int, _ weights: inout [Float], _ random: inout RandomSource) {
    let limit = (6 / Float(inputs)).squareRoot()
    for _ in 0..<inputs * outputs { weights.append(random.float(-limit, limit)) }
    weights.append(contentsOf: repeatElement(0, count: outputs))
  }

  mutating func addObject(random: inout RandomSource) {
    objects += 1
    for _ in 0..<Self.hidden2 { weights.append(random.float(-0.3, 0.3)) }
    weights.append(0)
    mean.append(contentsOf: repeatElement(0, count: Self.headSize))
    variance.append(contentsOf: repeatElement(0, count: Self.headSize))
  }

  /// The second layer's activations: `hidden2` planes, one after another, only `rows` filled.
  func hidden(of features: PixelFeatures, rows: Range<Int>) -> [Float] {
    let stride = features.cells
    let start = rows.lowerBound * features.width
    var out = [Float](repeating: 0, count: Self.hidden2 * stride)
    out.withUnsafeMutableBufferPointer { out in
      features.planes.withUnsafeBufferPointer { planes in
        weights.withUnsafeBufferPointer { weights in
          cpk_track().pointee.hidden(
            weights.baseAddress, Int32(Self.inputs), planes.baseAddress! + start, out.baseAddress! + start,
            rows.count * features.width, stride)
        }
      }
    }
    return out
  }

  /// Log-odds of the k-th object (from 1) against the background for `cells`, from `hidden` planes of `stride` cells.
  func margins(_ k: Int, hidden: [Float], stride: Int, cells: Range<Int>, into out: UnsafeMutablePointer<Float>) {
    let head = Self.trunkSize + (k - 1) * Self.headSize
    hidden.withUnsafeBufferPointer { hidden in
      weights.withUnsafeBufferPointer { weights in
        cpk_track().pointee.margin(
          weights.baseAddress! + head, hidden.baseAddress! + cells.lowerBound, out, cells.count, stride)
      }
    }
  }

  /// One step down the gradient of a batch, half of it drawn from each bank, or all from `first` where `second` is
  /// empty.
  mutating func learn(_ first: SampleBank, _ second: SampleBank, rate: Float, random: inout RandomSource) {
    guard objects > 0, first.count > 0 else { return }
    var samples = [Float](repeating: 0, count: Self.inputs * Self.batch)
    var labels = [UInt8](repeating: 0, count: Self.batch)
    for s in 0..<Self.batch {
      let fromSecond = second.count > 0 && s % 2 == 1
      let count = fromSecond ? second.count : first.count
      let pick = random.index(count)
      labels[s] = fromSecond ? second.labels[pick] : first.labels[pick]
      for i in 0..<Self.inputs {
        let at = pick &* Self.inputs &+ i
        samples[i &* Self.batch &+ s] = fromSecond ? second.features[at] : first.features[at]
      }
    }
    descend(gradient(samples, labels), rate: rate)
  }

  private func gradient(_ samples: [Float], _ labels: [UInt8]) -> [Float] {
    let importance = [Float](repeating: 1 / Float(Self.batch), count: Self.batch)
    var gradient = [Float](repeating: 0, count: weights.count)
    gradient.withUnsafeMutableBufferPointer { gradient in
      weights.withUnsafeBufferPointer { weights in
        cpk_track().pointee.gradient(
          weights.baseAddress, Int32(Self.inputs), Int32(objects), samples, labels, importance, Int32(Self.batch),
          gradient.baseAddress)
      }
    }
    return gradient
  }

  private mutating func descend(_ gradient: [Float], rate: Float) {
    steps += 1
    // Bias corrections run out after a few hundred steps.
    let age = Float(min(steps, 2000))
    var decayed1: Float = 1
    var decayed2: Float = 1
    for _ in 0..<Int(age) { (decayed1, decayed2) = (decayed1 * 0.9, decayed2 * 0.99) }
    let scale1 = 1 / (1 - decayed1)
    let scale2 = 1 / (1 - decayed2)
    for i in gradient.indices {
      mean[i] = 0.9 * mean[i] + 0.1 * gradient[i]
      variance[i] = 0.99 * variance[i] + 0.01 * gradient[i] * gradient[i]
      let step = mean[i] * scale1 / ((variance[i] * scale2).squareRoot() + 1e-6)
      weights[i] -= rate * (step + 1e-3 * weights[i])
    }
  }
}
