import CPixelKernels
import TestSupport
import Testing

@testable import Tracking

/// The kernels of `track_kernels.c` against readable references, bit for bit, at every CPU level.
@Suite("Tracking kernels", .serialized)
struct KernelTests {
  private static let inputs = 22
  private static let trunk = inputs * 32 + 32 + 32 * 16 + 16

  private func randoms(_ count: Int, seed: UInt64, scale: Float = 1) -> [Float] {
    var random = RandomSource(seed: seed)
    return (0..<count).map { _ in random.float(-scale, scale) }
  }

  @Test("hidden layers, with a ragged end")
  func hidden() {
    let count = 53
    let weights = randoms(Self.trunk, seed: 1, scale: 0.4)
    let features = randoms(Self.inputs * count, seed: 2)
    let reference = PerceptronReference(inputs: Self.inputs, weights: weights)
    atEveryLevel {
      var out = [Float](repeating: 0, count: 16 * count)
      cpk_track().pointee.hidden(weights, Int32(Self.inputs), features, &out, count, count)
      for p in 0..<count {
        let expected = reference.hidden((0..<Self.inputs).map { features[$0 * count + p] })
        #expect((0..<16).map { out[$0 * count + p] } == expected)
      }
    }
  }

  @Test("a head's two log-odds, with a ragged end")
  func margin() {
    let count = 37
    let head = randoms(Int(CPK_TRACK_HEAD), seed: 3, scale: 0.5)
    let hidden = randoms(16 * count, seed: 4)
    let xs = randoms(count, seed: 5, scale: 2)
    atEveryLevel {
      var look = [Float](repeating: 0, count: count)
      var full = look
      cpk_track().pointee.margin(head, hidden, count, xs, 0.7, &look, &full, count)
      for p in 0..<count {
        let expected = PerceptronReference.head(head, (0..<16).map { hidden[$0 * count + p] }, xs[p], 0.7)
        #expect(look[p] == expected.look && full[p] == expected.full)
      }
    }
  }

  @Test("the gradient is the slope of the loss")
  func gradient() {
    let count = 32
    let objects = 2
    let weights = randoms(Self.trunk + objects * Int(CPK_TRACK_HEAD), seed: 6, scale: 0.3)
    let samples = randoms(Self.inputs * count, seed: 7)
    let places = randoms(2 * objects * count, seed: 8)
    let labels = (0..<count).map { UInt8($0 % 3) }
    let importance = [Float](repeating: 1, count: count)
    var gradients: [[Float]] = []
    atEveryLevel {
      var out = [Float](repeating: 0, count: weights.count)
      cpk_track().pointee.gradient(
        weights, Int32(Self.inputs), Int32(objects), samples, places, labels, importance, Int32(count), &out)
      gradients.append(out)
    }
    #expect(gradients.allSatisfy { $0 == gradients[0] })
    for index in [3, 400, 710, 900, Self.trunk + 4, Self.trunk + 60, Self.trunk + 380, weights.count - 1] {
      func loss(_ delta: Float) -> Double {
        var moved = weights
        moved[index] += delta
        return PerceptronReference(inputs: Self.inputs, weights: moved).loss(samples, places, labels, objects)
      }
      let slope = (loss(0.005) - loss(-0.005)) / 0.01
      #expect(abs(slope - Double(gradients[0][index])) < 0.02 * max(1, abs(slope)))
    }
  }

  @Test("box means, cut at the borders")
  func boxMean() {
    let (width, height, radius) = (71, 19, 4)
    let source = randoms(width * height, seed: 9)
    var results: [[Float]] = []
    atEveryLevel {
      var out = source
      var scratch = source
      cpk_track().pointee.box_mean(source, &out, &scratch, Int32(width), Int32(height), Int32(radius))
      results.append(out)
    }
    #expect(results.allSatisfy { $0 == results[0] })
    for y in 0..<height {
      for x in 0..<width {
        let ys = max(0, y - radius)...min(height - 1, y + radius)
        let xs = max(0, x - radius)...min(width - 1, x + radius)
        let sum = ys.reduce(Float(0)) { sum, py in sum + xs.reduce(Float(0)) { $0 + source[py * width + $1] } }
        #expect(abs(results[0][y * width + x] - sum / Float(ys.count * xs.count)) < 1e-5)
      }
    }
  }

  @Test("diffusion converges to its equation", arguments: [(31, 17), (1, 1), (1, 5), (6, 1), (2, 2)])
  func diffusion(width: Int, height: Int) {
    let count = width * height
    let target = randoms(count, seed: 10).map { abs($0) }
    let data = randoms(count, seed: 11).map { abs($0) + 0.5 }
    let right = randoms(count, seed: 12).enumerated().map { ($0 + 1) % width == 0 ? 0 : abs($1) }
    let down = randoms(count, seed: 13).enumerated().map { $0 / width == height - 1 ? 0 : abs($1) }
    var results: [[Float]] = []
    atEveryLevel {
      var x = target
      var scratch = [Float](repeating: 0, count: 2 * count)
      cpk_track().pointee.diffuse(target, data, right, down, &x, &scratch, Int32(width), Int32(height), 150)
      results.append(x)
    }
    #expect(results.allSatisfy { $0 == results[0] })
    let x = results[0]
    for i in 0..<count {
      var balance = data[i] * (x[i] - target[i])
      if i % width > 0 { balance += right[i - 1] * (x[i] - x[i - 1]) }
      if i % width < width - 1 { balance += right[i] * (x[i] - x[i + 1]) }
      if i / width > 0 { balance += down[i - width] * (x[i] - x[i - width]) }
      if i / width < height - 1 { balance += down[i] * (x[i] - x[i + width]) }
      #expect(abs(balance) < 1e-4)
    }
  }
}
