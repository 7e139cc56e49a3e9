import Evaluation
import Imaging
import Testing

@testable import Tracking

@Suite("Following objects through painted scenes")
struct FollowingTests {
  typealias Disc = PaintedScene.Disc

  /// J of each object on each frame; the first frame's mask is given, later ones where `correct` says so.
  private func follow(
    _ count: Int, correct: Set<Int> = [], _ scene: (Int) -> PaintedScene
  ) throws -> (tracked: [TrackedMask], j: [[Double]]) {
    var tracker = BuiltinTracker()
    var tracked: [TrackedMask] = []
    var j: [[Double]] = []
    for t in 0..<count {
      let scene = scene(t)
      let (image, truth) = scene.render()
      tracked.append(try tracker.step(image, correction: t == 0 || correct.contains(t) ? truth : nil))
      j.append(
        scene.discs.indices.map { k in
          MaskEvaluator.intersectionOverUnion(
            truth.coverage(of: UInt8(k + 1)), tracked[t].mask.coverage(of: UInt8(k + 1)))
        })
    }
    return (tracked, j)
  }

  @Test("a disc that moves over moving ground")
  func translation() throws {
    let run = try follow(12) { t in
      PaintedScene(
        pan: Float(t) * 2, discs: [Disc(x: 40 + 5 * Float(t), y: 50 + Float(t), radius: 20, color: PaintedScene.red)])
    }
    #expect(run.j.allSatisfy { $0[0] > 0.9 })
    #expect(run.tracked.allSatisfy { $0.confidence[1]! > 0.7 })
  }

  @Test("a disc that grows to three times its size")
  func scale() throws {
    let run = try follow(16) { t in
      PaintedScene(discs: [Disc(x: 90, y: 56, radius: 14 + 28 * Float(t) / 15, color: PaintedScene.red)])
    }
    #expect(run.j.allSatisfy { $0[0] > 0.88 })
  }

  @Test("a disc that passes behind a post that hides all of it")
  func occlusion() throws {
    let run = try follow(24) { t in
      PaintedScene(discs: [Disc(x: 30 + 5.5 * Float(t), y: 56, radius: 15, color: PaintedScene.red)], post: 74..<112)
    }
    #expect(run.j.prefix(5).allSatisfy { $0[0] > 0.85 })
    #expect(run.j.suffix(4).allSatisfy { $0[0] > 0.85 })
  }

  @Test("a disc that leaves, and comes back on the other side")
  func leavingAndReturning() throws {
    let xs: [Float] = [150, 162, 174, 186, 198, 210, 225, 240, 240, 240, -30, -15, 0, 12, 24, 36, 48]
    let run = try follow(xs.count) { t in
      PaintedScene(discs: [Disc(x: xs[t], y: 56, radius: 18, color: PaintedScene.red)])
    }
    for t in 7..<10 {
      #expect(run.tracked[t].mask.isEmpty)
      #expect(run.tracked[t].confidence[1]! < 0.5)
    }
    #expect(run.j.suffix(3).allSatisfy { $0[0] > 0.85 })
  }

  @Test("a disc that jumps by more than its size")
  func jump() throws {
    let run = try follow(8) { t in
      PaintedScene(discs: [Disc(x: t % 2 == 0 ? 50 : 130, y: 56, radius: 16, color: PaintedScene.red)])
    }
    #expect(run.j.allSatisfy { $0[0] > 0.85 })
  }

  @Test("a disc that blinks")
  func blinking() throws {
    let run = try follow(10) { t in
      PaintedScene(discs: [t % 3 == 2 ? nil : Disc(x: 60 + 3 * Float(t), y: 56, radius: 16, color: PaintedScene.red)])
    }
    for t in 0..<10 where t % 3 == 2 { #expect(run.tracked[t].mask.isEmpty) }
    for t in 0..<10 where t % 3 != 2 { #expect(run.j[t][0] > 0.85) }
  }

  @Test("two discs that cross")
  func crossing() throws {
    let run = try follow(18) { t in
      PaintedScene(discs: [
        Disc(x: 40 + 6 * Float(t), y: 56, radius: 18, color: PaintedScene.red),
        Disc(x: 150 - 6 * Float(t), y: 60, radius: 15, color: PaintedScene.yellow),
      ])
    }
    #expect(run.j.last!.allSatisfy { $0 > 0.85 })
  }

  @Test("a correction brings in an object that was not there at first, and is remembered")
  func correction() throws {
    let scene = { (t: Int) in
      PaintedScene(discs: [
        Disc(x: 50 + 2 * Float(t), y: 40, radius: 16, color: PaintedScene.red),
        t < 4 ? nil : Disc(x: 140 - 3 * Float(t), y: 76, radius: 15, color: PaintedScene.yellow),
      ])
    }
    let without = try follow(12, scene)
    let with = try follow(12, correct: [5], scene)
    #expect(without.tracked.last!.confidence[2] == nil)
    #expect(with.tracked[5].mask == scene(5).render().mask)
    #expect(with.tracked[5].confidence == [1: 1, 2: 1])
    #expect(with.j.suffix(6).allSatisfy { $0.allSatisfy { $0 > 0.85 } })
  }
}
