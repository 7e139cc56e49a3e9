import Imaging
import NeuralRuntime

/// Between masks, whose labels are free, and networks' planes, one an object in the order in which they came.
struct ObjectPlanes: Sendable {
  /// The label of each plane.
  private(set) var labels: [UInt8] = []

  /// Gives objects that are new in `mask` the next planes.
  mutating func add(objectsOf mask: Mask) {
    labels += mask.objects.filter { !labels.contains($0) }
  }

  /// The plane's number plus 1 for each label, 0 for those without.
  var numbers: [UInt8] {
    var numbers = [UInt8](repeating: 0, count: 256)
    for (index, label) in labels.enumerated() { numbers[Int(label)] = UInt8(index + 1) }
    return numbers
  }

  /// [objects, height, width], 1 where the object is.
  func planes(of mask: Mask) -> NeuralTensor {
    let area = mask.width * mask.height
    let numbers = numbers
    return NeuralTensor([labels.count, mask.height, mask.width]) { out in
      for (index, label) in mask.labels.samples.enumerated() where numbers[Int(label)] > 0 {
        out[(Int(numbers[Int(label)]) - 1) * area + index] = 1
      }
    }
  }

  /// The most probable object at each pixel of a frame, the background and then the first of equals.
  ///
  /// An object's confidence is its mean probability where it is, and how surely it is nowhere where it is not.
  /// - Parameter probabilities: [1 + objects, rows, columns], the background first; enlarged bilinearly.
  func tracked(_ probabilities: NeuralTensor, width: Int, height: Int, threads: Int) -> TrackedMask {
    var best = [Float](repeating: -1, count: width * height)
    var winners = [UInt8](repeating: 0, count: width * height)
    var most = [Float](repeating: 0, count: probabilities.shape[0])
    for plane in 0..<probabilities.shape[0] {
      let own = Plane<Float>(
        width: probabilities.shape[2], height: probabilities.shape[1],
        samples: probabilities.slice(plane..<plane + 1).floats
      ).resized(width: width, height: height, threads: threads).samples
      most[plane] = own.max() ?? 0
      for index in own.indices where own[index] > best[index] {
        best[index] = own[index]
        winners[index] = UInt8(plane)
      }
    }
    let confidence = confidences(winners, best, most)
    let labels = [0] + labels
    let mask = Plane(width: width, height: height, samples: winners.map { labels[Int($0)] })
    return TrackedMask(mask: Mask(labels: mask), confidence: confidence)
  }

  private func confidences(_ winners: [UInt8], _ best: [Float], _ most: [Float]) -> [UInt8: Float] {
    var sums = [Double](repeating: 0, count: labels.count + 1)
    var counts = [Double](repeating: 0, count: labels.count + 1)
    for (winner, value) in zip(winners, best) {
      sums[Int(winner)] += Double(value)
      counts[Int(winner)] += 1
    }
    var confidence: [UInt8: Float] = [:]
    for (index, label) in labels.enumerated() {
      let plane = index + 1
      confidence[label] = counts[plane] > 0 ? Float(sums[plane] / counts[plane]) : 1 - most[plane]
    }
    return confidence
  }
}
