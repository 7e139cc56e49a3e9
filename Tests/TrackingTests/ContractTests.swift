import Imaging
import TestSupport
import Testing

@testable import Tracking

@Suite("What every tracker promises", .serialized)
struct ContractTests {
  private func scene(_ t: Int) -> PaintedScene {
    PaintedScene(discs: [
      .init(x: 40 + 4 * Float(t), y: 50, radius: 16, color: PaintedScene.red),
      .init(x: 150 - 3 * Float(t), y: 70, radius: 14, color: PaintedScene.yellow),
    ])
  }

  private func run(_ frames: Range<Int>, threads: Int = 1) throws -> [TrackedMask] {
    var tracker = BuiltinTracker(threads: threads)
    return try frames.map { t in
      let (image, mask) = scene(t).render()
      return try tracker.step(image, correction: t == frames.lowerBound ? mask : nil)
    }
  }

  @Test("the first frame needs a mask")
  func missingMask() throws {
    var tracker = BuiltinTracker()
    let (image, mask) = scene(0).render()
    #expect { try tracker.step(image, correction: nil) } throws: { ($0 as? TrackingError)?.code == .missingMask }
    #expect { try tracker.step(image, correction: Mask(width: image.width, height: image.height)) } throws: {
      ($0 as? TrackingError)?.code == .missingMask
    }
    _ = try tracker.step(image, correction: mask)
  }

  @Test("sizes must not change")
  func wrongSize() throws {
    var tracker = BuiltinTracker()
    let (image, mask) = scene(0).render()
    #expect { try tracker.step(image, correction: Mask(width: 3, height: 3)) } throws: {
      ($0 as? TrackingError)?.code == .wrongSize
    }
    _ = try tracker.step(image, correction: mask)
    let small = RGBImage(width: 10, height: 10)
    #expect { try tracker.step(small, correction: nil) } throws: { ($0 as? TrackingError)?.code == .wrongSize }
    let tracked = TrackedMask(mask: Mask(width: 3, height: 3), confidence: [:])
    #expect { try tracker.replay(image, correction: nil, tracked: tracked) } throws: {
      ($0 as? TrackingError)?.code == .wrongSize
    }
    _ = try tracker.step(scene(1).render().image, correction: nil)
  }

  @Test("a replayed run goes on as the unbroken one")
  func replay() throws {
    let unbroken = try run(0..<9)
    var tracker = BuiltinTracker()
    for t in 0..<6 {
      let (image, mask) = scene(t).render()
      try tracker.replay(image, correction: t == 0 ? mask : nil, tracked: unbroken[t])
    }
    for t in 6..<9 { #expect(try tracker.step(scene(t).render().image, correction: nil) == unbroken[t]) }
  }

  @Test("a copy forks the track")
  func fork() throws {
    var tracker = BuiltinTracker()
    let (image, mask) = scene(0).render()
    _ = try tracker.step(image, correction: mask)
    var fork = tracker
    _ = try fork.step(scene(3).render().image, correction: scene(3).render().mask)
    let next = try tracker.step(scene(1).render().image, correction: nil)
    #expect(next == (try run(0..<2))[1])
  }

  @Test("neither threads nor the CPU level change the result")
  func sameEverywhere() throws {
    let reference = try run(0..<5)
    #expect(try run(0..<5, threads: 3) == reference)
    try atEveryLevel {
      let again = try run(0..<5)
      #expect(again == reference)
    }
  }

  @Test("frames of any size are taken", arguments: [(1, 1), (1, 9), (7, 1), (2, 2), (5, 3), (17, 16), (33, 20)])
  func tinyFrames(width: Int, height: Int) throws {
    var tracker = BuiltinTracker()
    let image = RGBImage(width: width, height: height, repeating: SIMD4(20000, 5000, 300, 0))
    var mask = Mask(width: width, height: height)
    mask.labels[width / 2, height / 2] = 7
    #expect(try tracker.step(image, correction: mask).mask == mask)
    for _ in 0..<4 {
      let tracked = try tracker.step(image, correction: nil)
      #expect(tracked.mask.width == width && tracked.mask.height == height)
      #expect(tracked.confidence[7] != nil)
    }
  }

  @Test("a mask that covers the whole frame, and one emptied by a correction")
  func extremes() throws {
    var tracker = BuiltinTracker()
    let (image, _) = scene(0).render()
    let all = Mask(labels: Plane(width: image.width, height: image.height, repeating: 255))
    _ = try tracker.step(image, correction: all)
    _ = try tracker.step(scene(1).render().image, correction: nil)
    let none = Mask(width: image.width, height: image.height)
    #expect(try tracker.step(scene(2).render().image, correction: none).mask.isEmpty)
    _ = try tracker.step(scene(3).render().image, correction: nil)
  }

  @Test("255 objects at once")
  func manyObjects() throws {
    var tracker = BuiltinTracker()
    let (image, _) = scene(0).render()
    var mask = Mask(width: image.width, height: image.height)
    for label in 1...255 {
      let (column, row) = ((label - 1) % 16, (label - 1) / 16)
      for y in 0..<5 { for x in 0..<8 { mask.labels[column * 12 + x, row * 7 + y] = UInt8(label) } }
    }
    _ = try tracker.step(image, correction: mask)
    let tracked = try tracker.step(image, correction: nil)
    #expect(tracked.confidence.count == 255)
  }
}
