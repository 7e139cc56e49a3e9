import Foundation
import Imaging
import ModelLibrary
import NeuralRuntime
import Segmentation
import TestSupport
import Testing
import Tracking

@testable import NetworkParity

/// Networks as engines, with weights from the formula: the answers mean nothing, the machinery is what is tested.
@Suite(
  .serialized,
  .enabled(if: SharedClips.isAvailable, "no shared parity data"),
  .enabled(if: RuntimeHere.runtime != nil, "no ONNX Runtime on this machine: pip install onnxruntime"))
struct EngineTests {
  private let options = SessionOptions(threads: 2)

  private func folder(_ network: String) throws -> ParityFolder {
    try ParityFolder(try #require(SharedClips.path("parity/" + network)))
  }

  private func lightSegmenter() throws -> SamSegmenter {
    SamSegmenter(
      try SamNetwork(
        weights: folder("light_hq_sam").weights, runtime: try #require(RuntimeHere.runtime), options: options))
  }

  private func picture(_ shift: Int = 0) -> RGBImage {
    var image = RGBImage(width: 96, height: 64)
    for y in 0..<64 {
      for x in 0..<96 {
        let isObject = 20 + shift..<50 + shift ~= x && 15..<45 ~= y
        image[x, y] = RGBImage.fixed(isObject ? SIMD4(200, Float(x), 40, 0) : SIMD4(30, 90, Float(2 * y), 0))
      }
    }
    return image
  }

  @Test func promptsGiveMasksOfTheFramesSize() throws {
    let prepared = try lightSegmenter().prepare(picture())
    let click = try prepared.candidates(for: Prompts(inside: [.init(x: 30, y: 30)]))
    #expect(click.count == 3)
    #expect(click.map(\.score) == click.map(\.score).sorted(by: >))
    var mask = Plane<UInt8>(width: 96, height: 64, repeating: 0)
    mask[30, 30] = 255
    let prompts = [
      Prompts(box: Region(x: 10, y: 10, width: 40, height: 40)),
      Prompts(inside: [.init(x: 30, y: 30)], outside: [.init(x: 80, y: 5)], mask: mask),
      Prompts(mask: mask),
      Prompts(insideStrokes: [.init(points: [.init(x: 20, y: 20), .init(x: 45, y: 40)])]),
    ]
    for prompt in prompts {
      let candidates = try prepared.candidates(for: prompt)
      #expect(candidates.allSatisfy { $0.mask.width == 96 && $0.mask.height == 64 && 0...1 ~= $0.score })
    }
    #expect(throws: SegmentationError.self) { try prepared.candidates(for: Prompts()) }
    #expect(throws: SegmentationError.self) { try prepared.candidates(for: Prompts(inside: [.init(x: 96, y: 0)])) }
  }

  /// A frame taken up from bytes answers alike, and nothing is encoded for it.
  @Test func aKeptFrameAnswersAsItDid() throws {
    let segmenter = try lightSegmenter()
    let prepared = try segmenter.prepare(picture())
    let bytes = segmenter.bytes(of: prepared)
    let other = try lightSegmenter()
    let kept = try #require(other.prepared(from: bytes, width: 96, height: 64))
    let prompts = Prompts(inside: [.init(x: 30, y: 30)])
    let (before, after) = (try prepared.candidates(for: prompts), try kept.candidates(for: prompts))
    #expect(before.map(\.mask) == after.map(\.mask) && before.map(\.score) == after.map(\.score))
    #expect(other.network.network.partKeys == ["mask decoder for 1"])
    #expect(other.prepared(from: Array(bytes.dropLast()), width: 96, height: 64) == nil)
    #expect(other.prepared(from: [0] + bytes.dropFirst(), width: 96, height: 64) == nil)
    #expect(other.prepared(from: [], width: 96, height: 64) == nil)
  }

  @Test func everythingIsFoundWithinTheFrame() throws {
    var settings = AutomaticMaskSettings()
    settings.pointsPerSide = 3
    settings.quality = -100
    settings.stability = 0
    settings.cropLayers = 1
    let masks = try lightSegmenter().automaticMasks(picture(), settings)
    #expect(!masks.isEmpty)
    for mask in masks {
      #expect(picture().bounds.contains(mask.region))
      #expect(mask.coverage.width == mask.region.width && mask.coverage.height == mask.region.height)
      #expect(mask.coverage.boundingBox == mask.coverage.bounds)
    }
    let cancellation = Cancellation()
    cancellation.cancel()
    #expect(throws: CancellationError.self) {
      try lightSegmenter().automaticMasks(picture(), settings, cancellation: cancellation)
    }
  }

  @Test func siamMaskFollowsForksAndReplays() throws {
    let network = try SiamMaskNetwork(
      weights: folder("siammask").weights, runtime: try #require(RuntimeHere.runtime), options: options)
    var tracker = SiamMaskTracker(network)
    #expect(throws: TrackingError.self) { try tracker.step(picture(), correction: nil) }
    var mask = Mask(width: 96, height: 64)
    for y in 15..<45 { for x in 20..<50 { mask.labels[x, y] = 3 } }
    let first = try tracker.step(picture(), correction: mask)
    #expect(first.mask == mask)
    var fork = tracker
    let second = try tracker.step(picture(2), correction: nil)
    #expect(second.confidence.keys.sorted() == [3])
    #expect(tracker.polygons[3]?.count == 4)
    try fork.replay(picture(2), correction: nil, tracked: second)
    let third = try tracker.step(picture(4), correction: nil)
    let replayed = try fork.step(picture(4), correction: nil)
    #expect(replayed == third)
    #expect(throws: TrackingError.self) { try fork.step(RGBImage(width: 8, height: 8), correction: nil) }
  }

  @Test func siamMaskTakesTheMasksOfAnotherEngine() throws {
    let network = try SiamMaskNetwork(
      weights: folder("siammask").weights, runtime: try #require(RuntimeHere.runtime), options: options)
    var tracker = SiamMaskTracker(network) { frame, boxes in
      boxes.map { box in
        var plane = Plane<UInt8>(width: frame.width, height: frame.height, repeating: 0)
        for y in box.y..<box.maxY { for x in box.x..<box.maxX { plane[x, y] = 255 } }
        return plane
      }
    }
    var mask = Mask(width: 96, height: 64)
    for y in 15..<45 { for x in 20..<50 { mask.labels[x, y] = 1 } }
    _ = try tracker.step(picture(), correction: mask)
    let tracked = try tracker.step(picture(1), correction: nil)
    let box = try #require(tracked.mask.boundingBox)
    #expect(tracked.mask.area == box.area)
  }
}
