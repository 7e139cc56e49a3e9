import Evaluation
import Imaging
import Testing

@testable import Segmentation

@Suite struct CandidateTests {
  private let click = Prompts.Point(x: 120, y: 60)

  /// A red shirt over blue trousers, before a green ground.
  private var figure: RGBImage {
    Pictures.paint(240, 160) { x, y in
      guard 100..<140 ~= x, 30..<130 ~= y else { return SIMD3(80, 140, 70) }
      return y < 80 ? SIMD3(200, 50, 60) : SIMD3(40, 60, 160)
    }
  }

  private func box(_ rows: Range<Int>) -> Plane<UInt8> {
    Pictures.truth(240, 160) { x, y in 100..<140 ~= x && rows ~= y }
  }

  @Test func aClickOffersThePartAndTheWhole() throws {
    let candidates = try BuiltinSegmenter().prepare(figure).candidates(for: Prompts(inside: [click]))
    for truth in [box(30..<80), box(30..<130)] {
      let best = candidates.map { MaskEvaluator.intersectionOverUnion(truth, $0.mask) }.max() ?? 0
      #expect(best > 0.9)
    }
  }

  @Test func theBestComesFirstAndNoTwoAreAlike() throws {
    let candidates = try BuiltinSegmenter().prepare(figure).candidates(for: Prompts(inside: [click]))
    #expect(candidates.count > 1)
    for (first, second) in zip(candidates, candidates.dropFirst()) { #expect(first.score >= second.score) }
    for (index, candidate) in candidates.enumerated() {
      #expect(candidate.mask[click.x, click.y] != 0)
      for other in candidates[..<index] {
        #expect(MaskEvaluator.intersectionOverUnion(candidate.mask, other.mask) < 0.95)
      }
    }
  }

  @Test func aLimitKeepsTheFirst() throws {
    let frame = try BuiltinSegmenter().prepare(figure)
    let prompts = Prompts(inside: [click], outside: [.init(x: 20, y: 20)])
    let all = try frame.candidates(for: prompts)
    for limit in 1...3 {
      let some = try frame.candidates(for: prompts, limit: limit)
      #expect(some.map(\.mask) == all.prefix(limit).map(\.mask))
      #expect(some.map(\.score) == all.prefix(limit).map(\.score))
    }
  }

  @Test func noCandidateHoldsAPointToAvoid() throws {
    let avoided = Prompts.Point(x: 120, y: 100)
    let candidates = try BuiltinSegmenter().prepare(figure)
      .candidates(for: Prompts(inside: [click], outside: [avoided]))
    #expect(candidates.allSatisfy { $0.mask[avoided.x, avoided.y] == 0 && $0.mask[click.x, click.y] != 0 })
    #expect(MaskEvaluator.intersectionOverUnion(box(30..<80), candidates[0].mask) > 0.9)
  }
}
