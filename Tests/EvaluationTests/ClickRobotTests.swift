import Imaging
import Testing

@testable import Evaluation

struct ClickRobotTests {
  private func disc(x cx: Int, y cy: Int, radius: Int) -> Plane<UInt8> {
    var plane = Plane<UInt8>(width: 50, height: 40, repeating: 0)
    for y in 0..<40 {
      for x in 0..<50 where (x - cx) * (x - cx) + (y - cy) * (y - cy) <= radius * radius { plane[x, y] = 1 }
    }
    return plane
  }

  @Test func theFirstClickIsTheInnermostPoint() throws {
    var seen: [Click] = []
    let truth = disc(x: 20, y: 15, radius: 9)
    let overlaps = try ClickRobot.play(truth: truth, limit: 5) { clicks in
      seen = clicks
      return truth
    }
    #expect(seen == [Click(x: 20, y: 15, isInside: true)])
    #expect(overlaps == [1, 1, 1, 1, 1])
  }

  @Test func laterClicksMendTheLargestError() throws {
    let truth = disc(x: 20, y: 15, radius: 9)
    let tooMuch = Plane(
      width: 50, height: 40,
      samples: zip(truth.samples, disc(x: 40, y: 28, radius: 6).samples).map { max($0, $1) })
    let clicks = [Click(x: 20, y: 15, isInside: true)]
    #expect(ClickRobot.correction(truth: truth, mask: tooMuch, clicked: clicks) == Click(x: 40, y: 28, isInside: false))
    let nothing = Plane<UInt8>(width: 50, height: 40, repeating: 0)
    let next = ClickRobot.correction(truth: truth, mask: nothing, clicked: clicks)
    #expect(next?.isInside == true)
    #expect(next.map { truth[$0.x, $0.y] } == 1)
    #expect(next != clicks[0])
    #expect(ClickRobot.correction(truth: truth, mask: truth, clicked: clicks) == nil)
  }

  @Test func theBorderOfThePictureIsABoundary() {
    let all = Plane<UInt8>(width: 9, height: 5, repeating: 1)
    #expect(ClickRobot.innermost(all) == 2 * 9 + 2)
  }

  @Test func anEmptyTruthIsAnError() {
    let empty = Plane<UInt8>(width: 5, height: 4, repeating: 0)
    #expect(throws: EvaluationError.self) { try ClickRobot.play(truth: empty) { _ in empty } }
  }

  @Test func scoresCountClicksToAGoal() throws {
    let scores = try ClickScores(overlaps: [
      [0.2, 0.6, 0.86, 0.95, 0.95], [0.5, 0.5, 0.5, 0.5, 0.5],
    ])
    #expect(scores.objects == 2)
    #expect(scores.overlapAfter1 == 0.35)
    #expect(scores.overlapAfter3 == 0.68)
    #expect(scores.clicksTo85 == 4)
    #expect(scores.clicksTo90 == 4.5)
    #expect(throws: EvaluationError.self) { try ClickScores(overlaps: []) }
  }
}
