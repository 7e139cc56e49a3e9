import Imaging
import NeuralRuntime
import TestSupport
import Testing
import Tracking

@testable import NetworkParity

/// The tracking networks as engines, with formula weights: the masks mean nothing, the machinery is what is tested.
@Suite(
  .serialized,
  .enabled(if: SharedClips.isAvailable, "no shared parity data"),
  .enabled(if: RuntimeHere.runtime != nil, "no ONNX Runtime on this machine: pip install onnxruntime"))
struct TrackerEngineTests {
  private static let options = TrackingOptions(longTermMemoryGap: 2, longTermMemoryLength: 3)

  private static func folder(_ name: String) throws -> ParityFolder {
    try ParityFolder(try #require(SharedClips.path("parity")) + "/" + name)
  }

  private static func tracker(_ name: String, threads: Int = 1) throws -> any Tracker {
    let (weights, runtime) = (try folder(name).weights, try #require(RuntimeHere.runtime))
    return name == "xmem"
      ? XMemTracker(try XMemNetwork(weights: weights, runtime: runtime), options: options, threads: threads)
      : DeAOTTracker(try DeAOTNetwork(weights: weights, runtime: runtime), options: options, threads: threads)
  }

  private static func frame(_ index: Int, width: Int = 70, height: Int = 50) -> RGBImage {
    var noise = SplitMix64(seed: UInt64(index + 1))
    let pixels = (0..<width * height).map { pixel in
      let level = UInt16((pixel % width * 3 + index * 4) % 200) + UInt16(noise.next() % 50)
      return SIMD4<UInt16>(level << 8, UInt16(pixel / width * 4) << 8, (255 - level) << 8, 0)
    }
    return RGBImage(width: width, height: height, pixels: pixels)
  }

  private static func mask(_ boxes: [(label: UInt8, x: Int, y: Int)], width: Int = 70, height: Int = 50) -> Mask {
    var mask = Mask(width: width, height: height)
    for box in boxes {
      for y in box.y..<box.y + 16 { for x in box.x..<box.x + 20 { mask.labels.samples[y * width + x] = box.label } }
    }
    return mask
  }

  private static func correction(_ index: Int) -> Mask? {
    switch index {
    case 0: mask([(9, 5, 5)])
    case 3: mask([(9, 8, 6), (4, 40, 25)])
    default: nil
    }
  }

  @Test(arguments: ["xmem", "r50_deaotl"]) func replayLeavesTheTrackerAsTheStepDid(_ name: String) throws {
    var straight = try Self.tracker(name)
    var resumed = try Self.tracker(name, threads: 2)
    for index in 0..<7 {
      let tracked = try straight.step(Self.frame(index), correction: Self.correction(index))
      if let correction = Self.correction(index) { #expect(tracked.mask == correction) }
      #expect(tracked.confidence.keys.sorted() == (index < 3 ? [9] : [4, 9]))
      #expect(tracked.confidence.values.allSatisfy { $0.isFinite && (0...1).contains($0) })
      if index < 5 {
        try resumed.replay(Self.frame(index), correction: Self.correction(index), tracked: tracked)
      } else {
        let again = try resumed.step(Self.frame(index), correction: nil)
        #expect(again == tracked)
      }
    }
  }

  @Test(arguments: ["xmem", "r50_deaotl"]) func aCopyIsATrackOfItsOwn(_ name: String) throws {
    var first = try Self.tracker(name)
    _ = try first.step(Self.frame(0), correction: Self.correction(0))
    var fork = first
    _ = try fork.step(Self.frame(5), correction: Self.mask([(1, 30, 20)]))
    var other = try Self.tracker(name)
    _ = try other.step(Self.frame(0), correction: Self.correction(0))
    let (kept, expected) = (
      try first.step(Self.frame(1), correction: nil), try other.step(Self.frame(1), correction: nil)
    )
    #expect(kept == expected)
  }

  @Test(arguments: ["xmem", "r50_deaotl"]) func refusesWhatDoesNotFit(_ name: String) throws {
    var tracker = try Self.tracker(name)
    #expect(throws: TrackingError.self) { try tracker.step(Self.frame(0), correction: nil) }
    let narrow = Self.mask([(1, 0, 0)], width: 60)
    #expect(throws: TrackingError.self) { try tracker.step(Self.frame(0), correction: narrow) }
    _ = try tracker.step(Self.frame(0), correction: Self.correction(0))
    #expect(throws: TrackingError.self) { try tracker.step(Self.frame(1, width: 60), correction: nil) }
  }

  @Test func xmemsMemoryIsBounded() throws {
    var settings = XMemSettings()
    settings.memoryGap = 1
    (settings.mostWorkingFrames, settings.leastWorkingFrames) = (4, 2)
    (settings.prototypes, settings.mostLongTermElements) = (8, 20)
    let network = try XMemNetwork(
      weights: try Self.folder("xmem").weights, runtime: try #require(RuntimeHere.runtime))
    var state = XMemState(network, settings: settings)
    let picture = { (index: Int) in
      NeuralTensor((0..<3 * 32 * 48).map { Float(($0 * 7 + index * 13) % 97) / 48 - 1 }, [1, 3, 32, 48])
    }
    let given = NeuralTensor((0..<32 * 48).map { $0 % 48 < 20 ? 1 : 0 }, [1, 32, 48])
    _ = try state.step(picture(0), given: .init(masks: given))
    for index in 1..<14 {
      _ = try state.step(picture(index))
      #expect(state.contents.workingCount < 4 * 6)
      #expect(state.contents.longCount <= 20)
    }
    #expect(state.contents.longCount > 0)
  }

  /// Twenty-three objects need three sets of identities; the cap counts frames that were not given.
  @Test func deaotHoldsManyObjectsAndFewFrames() throws {
    let network = try DeAOTNetwork(
      weights: try Self.folder("r50_deaotl").weights, runtime: try #require(RuntimeHere.runtime))
    var state = DeAOTState(network, gap: 1, cap: 2)
    let picture = NeuralTensor((0..<3 * 33 * 49).map { Float($0 % 89) / 44 - 1 }, [1, 3, 33, 49])
    let labels = LabelMap(width: 49, height: 33, labels: (0..<33 * 49).map { UInt16($0 % 24) })
    let features = try network.encode(picture)
    try state.addReference(features, labels: labels, objects: 23)
    for _ in 0..<4 {
      try state.propagate(features)
      let probabilities = try state.probabilities(height: 33, width: 49)
      let areFinite = probabilities.floats.allSatisfy(\.isFinite)
      #expect(probabilities.shape == [24, 33, 49])
      #expect(areFinite)
      try state.update(labels: labels)
    }
    #expect(state.longTermPositions == [36, 36, 36])
  }
}
