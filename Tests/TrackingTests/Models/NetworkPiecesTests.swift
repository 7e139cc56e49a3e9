import Imaging
import NeuralRuntime
import Testing

@testable import Tracking

/// What lies around the tracking networks and needs no runtime.
struct NetworkPiecesTests {
  @Test func similarityIsTheWeightedDistance() {
    let keySize = 3
    let keys: [Float] = [1, 2, -1, 0.5, 0, 2]
    let shrinkage: [Float] = [2, 3]
    var elements = XMemElements(keySize: keySize)
    elements.append(keys: keys, shrinkage: shrinkage)
    let query: [Float] = [0.25, 1, 1]
    let selection: [Float] = [0.5, 0.75, 1]
    let row = XMemElements.queryRows(key: query, selection: selection, keySize: keySize).floats
    for element in 0..<2 {
      var distance: Float = 0
      for channel in 0..<keySize {
        let difference = keys[element * keySize + channel] - query[channel]
        distance += selection[channel] * difference * difference
      }
      let size = XMemElements.rowSize(keySize)
      let product = zip(elements.rows[element * size..<(element + 1) * size], row).reduce(Float(0)) { $0 + $1.0 * $1.1 }
      #expect(abs(product + distance * shrinkage[element] / Float(keySize).squareRoot()) < 1e-5)
    }
  }

  @Test func usageIsUseByLife() {
    var elements = XMemElements(keySize: 1)
    elements.append(keys: [1, 2, 3], shrinkage: [1, 1, 1])
    elements.countUse([0.5, 1, 0])
    elements.countUse([0.5, 3, 0])
    #expect(abs(elements.usage(0) - 0.5) < 1e-6 && abs(elements.usage(1) - 2) < 1e-6 && elements.usage(2) == 0)
    elements.keep([1])
    #expect(elements.count == 1 && elements.keys == [2] && abs(elements.usage(0) - 2) < 1e-6)
  }

  @Test(arguments: [(16, 32), (90, 150), (1, 7), (17, 31)]) func paddingComesOffAgain(_ height: Int, _ width: Int) {
    let padding = XMemPadding(height: height, width: width)
    let tensor = NeuralTensor((0..<2 * height * width).map { Float($0 + 1) }, [1, 2, height, width])
    let padded = padding.padded(tensor)
    #expect(padded.shape[2] % 16 == 0 && padded.shape[3] % 16 == 0)
    #expect(padded.floats.reduce(0, +) == tensor.floats.reduce(0, +))
    #expect(padding.cropped(padded).floats == tensor.floats)
  }

  /// floor(i * (in / out)) in single precision: from 432 to 417 two columns differ from exact arithmetic.
  @Test func nearestLabelsFollowSinglePrecision() {
    let map = LabelMap(width: 432, height: 1, labels: (0..<432).map { UInt16($0) })
    let columns = map.resized(width: 417, height: 1).labels.map(Int.init)
    let exact = (0..<417).map { $0 * 432 / 417 }
    #expect(zip(columns, exact).count { $0 != $1 } == 2)
    #expect(zip(columns, exact).allSatisfy { abs($0 - $1) <= 1 })
  }

  @Test func planesKeepTheOrderOfArrival() {
    var mask = Mask(width: 4, height: 1)
    mask.labels.samples = [0, 9, 9, 4]
    var objects = ObjectPlanes()
    objects.add(objectsOf: mask)
    #expect(objects.labels == [4, 9])
    mask.labels.samples = [2, 9, 4, 0]
    objects.add(objectsOf: mask)
    #expect(objects.labels == [4, 9, 2])
    #expect(objects.planes(of: mask).floats == [0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0])
  }

  @Test func theMostProbablePlaneWins() {
    var objects = ObjectPlanes()
    var mask = Mask(width: 2, height: 1)
    mask.labels.samples = [5, 7]
    objects.add(objectsOf: mask)
    let probabilities = NeuralTensor([0.5, 0.2, 0.5, 0.2, 0, 0.6], [3, 1, 2])
    let tracked = objects.tracked(probabilities, width: 2, height: 1, threads: 1)
    #expect(tracked.mask.labels.samples == [0, 7])
    #expect(tracked.confidence == [5: 0.5, 7: 0.6])
  }

  @Test func gapAndCapBecomeXMemsOwn() {
    let usual = XMemSettings(TrackingOptions())
    #expect(usual.memoryGap == 5 && usual.mostWorkingFrames == 10 && usual.leastWorkingFrames == 5)
    let few = XMemSettings(TrackingOptions(longTermMemoryGap: 3, longTermMemoryLength: 4))
    #expect(few.memoryGap == 3 && few.mostWorkingFrames == 4 && few.leastWorkingFrames == 2)
    #expect(few.mostLongTermElements == 4 * few.prototypes)
    #expect(XMemSettings(TrackingOptions(longTermMemoryLength: 0)).memoryGap == .max)
  }

  @Test func positionsAreSines() {
    let embedding = SinePosition.embedding(rows: 3, columns: 2, channels: 8)
    #expect(embedding.shape == [1, 8, 3, 2])
    // The first row is at angle 0: sines 0, cosines 1.
    #expect(embedding.floats[0] == 0 && embedding.floats[6] == 1)
    // The last column's slowest x pair: angle 2 pi / 100.
    let last = embedding.floats[(4 + 3) * 6 + 1]
    #expect(abs(last - 0.998027) < 1e-5)
  }

  /// Beyond the size that the networks see, frames cost no more; more remembered frames do, up to the limit.
  @Test func memoryIsForetoldByTheNetworksPicture() {
    let few = TrackingOptions(longTermMemoryLength: 1)
    for bytes in [XMemTracker.memory, DeAOTTracker.memory] {
      let small = bytes(432, 240, few)
      #expect(bytes(854, 480, few) > small)
      #expect(bytes(1920, 1080, few) < bytes(854, 480, few) * 11 / 10)
      #expect(bytes(432, 240, TrackingOptions()) > small)
    }
    let most = DeAOTTracker.memory(width: 854, height: 480, options: TrackingOptions(longTermMemoryLength: 10_000))
    #expect(most < DeAOTTracker.memory(width: 854, height: 480, options: few) + DeAOTTracker.memoryLimit)
  }
}
