import Imaging
import Testing

@testable import ObjectRemoval

@Suite struct TrackPlanTests {
  /// A mask of one pixel for each object, so that anchors differ.
  private func anchor(_ objects: UInt8..., at x: Int = 0) -> Anchor {
    var anchor = Anchor(mask: Mask(width: 16, height: 1), objects: Set(objects))
    for object in objects { anchor.mask.labels[x + Int(object), 0] = object }
    return anchor
  }

  private func summary(_ plan: TrackPlan) -> [String] {
    plan.passes.map { pass in
      "\(pass.direction.rawValue) \(pass.range.lowerBound)-\(pass.range.upperBound)"
        + (pass.beyond.map { " knows \($0.frame)" } ?? "") + (pass.founding.map { " recalls \($0.frame)" } ?? "")
    }
  }

  @Test func oneAnchorIsFollowedBothWays() {
    let plan = TrackPlan(anchors: [4: anchor(1)], shots: [0...9])
    #expect(summary(plan) == ["backward 0-4", "forward 4-9"])
    #expect(summary(TrackPlan(anchors: [0: anchor(1)], shots: [0...9])) == ["forward 0-9"])
    #expect(summary(TrackPlan(anchors: [9: anchor(1)], shots: [0...9])) == ["backward 0-9", "forward 9-9"])
  }

  @Test func anchorsOfAllObjectsPartTheShot() {
    let plan = TrackPlan(anchors: [0: anchor(1), 5: anchor(1)], shots: [0...9])
    #expect(summary(plan) == ["forward 0-4 knows 5", "backward 1-5 knows 0", "forward 5-9 recalls 0"])
  }

  @Test func theFirstWholeAnchorIsRecalledEverywhere() {
    let plan = TrackPlan(anchors: [2: anchor(1), 5: anchor(1), 7: anchor(1)], shots: [0...9])
    #expect(
      summary(plan) == [
        "backward 0-2", "forward 2-4 knows 5", "backward 3-5 knows 2", "forward 5-6 knows 7 recalls 2",
        "backward 6-7 knows 5 recalls 2", "forward 7-9 recalls 2",
      ])
  }

  @Test func anAnchorOfSomeObjectsIsACorrectionOnTheWay() {
    let plan = TrackPlan(anchors: [0: anchor(1, 2), 5: anchor(1)], shots: [0...9])
    #expect(summary(plan) == ["forward 0-9", "backward 1-5 knows 0"])
  }

  @Test func anAnchorThatShowsNothingIsPassedOver() {
    let marks = [2: anchor(1), 5: anchor(), 7: anchor(1), 9: anchor()]
    let plan = TrackPlan(anchors: marks, shots: [0...11, 12...14])
    #expect(
      summary(plan) == ["backward 0-2", "forward 2-6 knows 7", "backward 3-7 knows 2", "forward 7-11 recalls 2"])
    #expect(plan.passes[1].anchors.keys.sorted() == [2, 5] && plan.passes[3].anchors.keys.sorted() == [7, 9])
    #expect(TrackPlan(anchors: [3: anchor()], shots: [0...9]).passes.isEmpty)
  }

  @Test func directionsAreObeyed() {
    let anchors = [2: anchor(1), 5: anchor(1)]
    #expect(
      summary(TrackPlan(anchors: anchors, shots: [0...9], direction: .forward))
        == ["forward 2-4 knows 5", "forward 5-9 recalls 2"])
    #expect(
      summary(TrackPlan(anchors: anchors, shots: [0...9], direction: .backward))
        == ["backward 0-2", "backward 3-5 knows 2"])
  }

  @Test func everyFrameOfAMarkedShotIsSeenAndNoOther() {
    for marks in [[0], [9], [4], [0, 9], [3, 4], [0, 1, 5, 9]] {
      let anchors = Dictionary(uniqueKeysWithValues: marks.map { ($0, anchor(1)) })
      let plan = TrackPlan(anchors: anchors, shots: [0...9, 10...14])
      #expect(Set(plan.passes.flatMap { Array($0.range) }) == Set(0...9), "\(marks)")
      for pass in plan.passes { #expect(pass.anchors[pass.frames[0]] != nil) }
    }
  }

  @Test func aCorrectionChangesOnlyWhatLiesBetweenItsNeighbours() throws {
    let before = TrackPlan(anchors: [0: anchor(1), 20: anchor(1), 40: anchor(1)], shots: [0...59])
    let after = TrackPlan(anchors: [0: anchor(1), 20: anchor(1), 30: anchor(1), 40: anchor(1)], shots: [0...59])
    let known = Set(try before.passes.map { try $0.name() })
    let anew = try after.passes.filter { !known.contains(try $0.name()) }
    #expect(Set(anew.flatMap { Array($0.range) }) == Set(20...40))
    let moved = TrackPlan(anchors: [0: anchor(1), 20: anchor(1, at: 3), 40: anchor(1)], shots: [0...59])
    let redone = try moved.passes.filter { !known.contains(try $0.name()) }
    #expect(Set(redone.flatMap { Array($0.range) }) == Set(0...40))
  }
}
