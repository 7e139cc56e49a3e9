import CPixelKernels
import Imaging

/// A perceptron of two hidden layers that tells the objects from the background by `PixelFeatures`, learnt on the clip
/// itself by Adam (Kingma and Ba, 2015) on the cross entropy of a softmax whose background logit is 0.
struct AppearanceModel: Sendable {
  private static let inputs = PixelFeatures.count
  private static let hidden1 = CPK_TRACK_HIDDEN1
  static let hidden2 = CPK_TRACK_HIDDEN2
  private static let headSize = CPK_TRACK_HEAD
  private static let headInputs = hidden2 + CPK_TRACK_PLACE
  private static let headHidden = CPK_TRACK_HEAD_HIDDEN
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
    Self.layer(Self.hidden2, 1, &weights, &random)
    Self.layer(Self.headInputs, Self.headHidden, &weights, &random)
    // The place begins without a say.
    weights.append(contentsOf: repeatElement(0, count: Self.headHidden + 1))
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

  /// Log-odds of the k-th object (from 1) against the background over `region`, by look alone and with the place, from
  /// `hidden` planes of `width` cells a row.
  func margins(_ k: Int, hidden: [Float], width: Int, region: Region, pose: Pose) -> (look: [Float], full: [Float]) {
    let head = Self.trunkSize + (k - 1) * Self.headSize
    let stride = hidden.count / Self.hidden2
    let xs = (0..<region.width).map { pose.place(Float(region.x + $0), pose.center.y).x }
    var look = [Float](repeating: 0, count: region.area)
    var full = look
    let margin = cpk_track().pointee.margin!
    hidden.withUnsafeBufferPointer { hidden in
      weights.withUnsafeBufferPointer { weights in
        look.withUnsafeMutableBufferPointer { look in
          full.withUnsafeMutableBufferPointer { full in
            for y in 0..<region.height {
              margin(
                weights.baseAddress! + head, hidden.baseAddress! + (region.y + y) * width + region.x, stride, xs,
                pose.place(pose.center.x, Float(region.y + y)).y, look.baseAddress! + y * region.width,
                full.baseAddress! + y * region.width, region.width)
            }
          }
        }
      }
    }
    return (look, full)
  }

  /// One step down the gradient of a batch: half of it drawn from the anchors, a quarter from the long-term memory and a
  /// quarter from the frame before; the anchors stand in for what is empty.
  mutating func learn(
    _ anchors: SampleBank, memory: SampleBank = SampleBank(), recent: SampleBank = SampleBank(), rate: Float,
    random: inout RandomSource
  ) {
    guard objects > 0, anchors.count > 0 else { return }
    var batch = Batch(objects: objects)
    let rota = [anchors, memory, anchors, recent]
    for s in 0..<Self.batch {
      let bank = rota[s % 4].count > 0 ? rota[s % 4] : anchors
      batch.fill(s, from: bank, random.index(bank.count))
    }
    descend(gradient(batch), rate: rate)
  }

  /// Samples as the gradient kernel wants them.
  private struct Batch {
    let objects: Int
    var samples = [Float](repeating: 0, count: inputs * batch)
    var places: [Float]
    var labels = [UInt8](repeating: 0, count: batch)

    init(objects: Int) {
      self.objects = objects
      places = [Float](repeating: 0, count: 2 * objects * batch)
    }

    mutating func fill(_ s: Int, from bank: SampleBank, _ pick: Int) {
      labels[s] = bank.labels[pick]
      for k in 0..<objects {
        let place = bank.place(pick, object: k)
        places[2 * k * batch + s] = place.x
        places[(2 * k + 1) * batch + s] = place.y
      }
      for i in 0..<inputs { samples[i &* batch &+ s] = bank.features[pick &* inputs &+ i] }
    }
  }

  private func gradient(_ batch: Batch) -> [Float] {
    let importance = [Float](repeating: 1 / Float(Self.batch), count: Self.batch)
    var gradient = [Float](repeating: 0, count: weights.count)
    gradient.withUnsafeMutableBufferPointer { gradient in
      weights.withUnsafeBufferPointer { weights in
        cpk_track().pointee.gradient(
          weights.baseAddress, Int32(Self.inputs), Int32(objects), batch.samples, batch.places, batch.labels,
          importance,
          Int32(Self.batch),
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
