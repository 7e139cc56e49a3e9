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

  /// Walks from a frame that shows a sliver, as after a correction there, knowing a mask of the whole.
  private func follow(
    from sliver: Int, to end: Int, whole: Int, _ scene: (Int) -> PaintedScene
  ) throws -> [(j: Double, isEmpty: Bool)] {
    var tracker = BuiltinTracker()
    let (known, mask) = scene(whole).render()
    try tracker.remember(known, mask: mask)
    return try stride(from: sliver, through: end, by: end > sliver ? 1 : -1).map { t in
      let (image, truth) = scene(t).render()
      let tracked = try tracker.step(image, correction: t == sliver ? truth : nil)
      return (
        MaskEvaluator.intersectionOverUnion(truth.coverage(of: 1), tracked.mask.coverage(of: 1)), tracked.mask.isEmpty
      )
    }
  }

  @Test("a correction that shows a sliver at the frame's edge, then all of it comes in")
  func sliverAtTheEdge() throws {
    // 2 of 40 pixels are in sight on frame 6.
    let scene = { (t: Int) in
      PaintedScene(discs: [Disc(x: t == 0 ? 90 : -72 + 9 * Float(t), y: 56, radius: 20, color: PaintedScene.red)])
    }
    let run = try follow(from: 6, to: 16, whole: 0, scene)
    #expect(run.suffix(4).allSatisfy { $0.j > 0.85 }, "\(run.map(\.j))")
  }

  @Test("a correction that shows a sliver beside a post, then all of it comes out on either side")
  func sliverBesideAPost() throws {
    let scene = { (t: Int) in
      PaintedScene(discs: [Disc(x: 20 + 6 * Float(t), y: 56, radius: 20, color: PaintedScene.red)], post: 80..<116)
    }
    // On frame 9 the disc spans 54 to 94, on frame 13 78 to 118.
    let forward = try follow(from: 13, to: 22, whole: 0, scene)
    #expect(forward.suffix(4).allSatisfy { $0.j > 0.85 }, "\(forward.map(\.j))")
    let backward = try follow(from: 12, to: 2, whole: 22, scene)
    #expect(backward.suffix(4).allSatisfy { $0.j > 0.85 }, "\(backward.map(\.j))")
  }

  @Test("a correction that shows nothing does not hinder its coming back")
  func absence() throws {
    var tracker = BuiltinTracker()
    for t in 0..<12 {
      let isHidden = (4..<8).contains(t)
      let scene = PaintedScene(discs: [
        isHidden ? nil : Disc(x: 50 + 5 * Float(t), y: 56, radius: 16, color: PaintedScene.red)
      ])
      let (image, truth) = scene.render()
      let tracked = try tracker.step(image, correction: t == 0 || t == 5 ? truth : nil)
      if isHidden { #expect(tracked.mask.isEmpty) }
      if t > 8 {
        #expect(MaskEvaluator.intersectionOverUnion(truth.coverage(of: 1), tracked.mask.coverage(of: 1)) > 0.85)
      }
    }
  }

  @Test("a smaller thing of the same colour is told from the object, and the object from nothing better")
  func better() throws {
    let disc = Disc(x: 150, y: 56, radius: 18, color: PaintedScene.red)
    let (first, truth) = PaintedScene(discs: [disc]).render()
    var track = Track(first, options: .init())
    let seen = Observation(first, grid: track.grid, threads: 1)
    let tracked = track.accept(truth)
    track.absorb(seen, correction: truth, tracked: tracked)
    let scene = PaintedScene(discs: [disc, Disc(x: 45, y: 56, radius: 10, color: PaintedScene.red)])
    let hidden = track.anchorModel.hidden(
      of: Observation(scene.render().image, grid: track.grid, threads: 1).features, rows: 0..<track.grid.height)
    let search = ObjectSearch(model: track.anchorModel, index: 1, hidden: hidden, grid: track.grid)
    let own = try #require(track.objects[0].pose)
    let area = track.objects[0].expectedArea
    let wrong = Pose(center: SIMD2(45, 56), half: own.half)
    let found = try #require(search.better(than: wrong, area: area, missing: 4))
    #expect(abs(found.center.x - 150) < 8 && abs(found.center.y - 56) < 8)
    #expect(search.better(than: own, area: area, missing: 4) == nil)
  }
}

@Suite("How large an object is")
struct ObjectExtentTests {
  private let bounds = Region(x: 0, y: 0, width: 200, height: 100)

  private func extent(_ half: SIMD2<Float>) -> ObjectExtent {
    var extent = ObjectExtent()
    extent.take(Pose(center: SIMD2(100, 50), half: half), area: 4 * half.x * half.y)
    return extent
  }

  @Test("a sliver at the edge stands for what lies beyond it")
  func edge() {
    let sliver = Pose(center: SIMD2(2, 50), half: SIMD2(2.5, 20))
    let whole = extent(SIMD2(30, 20)).whole(sliver, area: 200, within: bounds)
    #expect(whole.pose.half == SIMD2(30, 20))
    #expect(whole.pose.center == SIMD2(4.5 - 30, 50))
    #expect(abs(whole.share - 200 / 2400) < 1e-5)
  }

  @Test("the same shape, smaller, is the whole of it far away")
  func distance() {
    let small = Pose(center: SIMD2(40, 30), half: SIMD2(11, 6))
    let whole = extent(SIMD2(30, 20)).whole(small, area: 264, within: bounds)
    #expect(whole.pose == small && whole.share == 1)
  }

  @Test("a speck does not tell how large it is")
  func speck() {
    let speck = Pose(center: SIMD2(40, 30), half: SIMD2(2, 1.5))
    let whole = extent(SIMD2(30, 20)).whole(speck, area: 12, within: bounds)
    #expect(whole.pose == Pose(center: SIMD2(40, 30), half: SIMD2(30, 20)) && whole.share < 0.01)
  }

  @Test("the largest mask so far is the whole")
  func largest() {
    let large = Pose(center: SIMD2(100, 50), half: SIMD2(60, 40))
    #expect(extent(SIMD2(30, 20)).whole(large, area: 9000, within: bounds) == (large, 1))
  }
}
