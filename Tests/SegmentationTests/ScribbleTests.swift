import Evaluation
import Imaging
import Testing

@testable import Segmentation

/// Scribbles, and masks that are given to be mended.
@Suite struct ScribbleTests {
  /// Two discs of one colour side by side.
  private func isInDisc(_ right: Bool, _ x: Int, _ y: Int) -> Bool {
    let (dx, dy) = (x - (right ? 170 : 70), y - 80)
    return dx * dx + dy * dy <= 40 * 40
  }

  private var discs: RGBImage {
    Pictures.paint(240, 160) { x, y in
      isInDisc(false, x, y) || isInDisc(true, x, y) ? SIMD3(190, 60, 50) : SIMD3(70, 130, 80)
    }
  }

  private var left: Plane<UInt8> { Pictures.truth(240, 160) { isInDisc(false, $0, $1) } }
  private var both: Plane<UInt8> { Pictures.truth(240, 160) { isInDisc(false, $0, $1) || isInDisc(true, $0, $1) } }

  private func stroke(_ points: (Int, Int)...) -> Prompts.Stroke {
    Prompts.Stroke(points: points.map { .init(x: $0.0, y: $0.1) })
  }

  @Test func aScribbleTakesWhatItPasses() throws {
    let prompts = Prompts(insideStrokes: [stroke((45, 80), (70, 60), (95, 80))])
    let mask = try BuiltinSegmenter().prepare(discs).candidates(for: prompts, limit: 1)[0].mask
    for point in prompts.insidePoints { #expect(mask[point.x, point.y] != 0) }
    #expect(MaskEvaluator.intersectionOverUnion(left, mask) > 0.9)
  }

  @Test func scribblesOnTwoPartsTakeBoth() throws {
    let prompts = Prompts(insideStrokes: [stroke((50, 80), (90, 80)), stroke((150, 80), (190, 80))])
    let mask = try BuiltinSegmenter().prepare(discs).candidates(for: prompts, limit: 1)[0].mask
    #expect(MaskEvaluator.intersectionOverUnion(both, mask) > 0.9)
  }

  @Test func aScribbleOutsideKeepsItsPixelsOut() throws {
    let prompts = Prompts(
      inside: [.init(x: 70, y: 80)], outsideStrokes: [stroke((140, 80), (200, 80)), stroke((5, 5), (235, 5))])
    let mask = try BuiltinSegmenter().prepare(discs).candidates(for: prompts, limit: 1)[0].mask
    for point in prompts.outsidePoints { #expect(mask[point.x, point.y] == 0) }
    #expect(MaskEvaluator.intersectionOverUnion(left, mask) > 0.9)
  }

  @Test func aRoughMaskIsMended() throws {
    let rough = Pictures.truth(240, 160) { x, y in 34..<106 ~= x && 44..<116 ~= y }
    let mask = try BuiltinSegmenter().prepare(discs).candidates(for: Prompts(mask: rough), limit: 1)[0].mask
    let before = MaskEvaluator.intersectionOverUnion(left, rough)
    #expect(MaskEvaluator.intersectionOverUnion(left, mask) > max(0.93, before))
  }

  @Test func aClickAddsToAMask() throws {
    let prompts = Prompts(inside: [.init(x: 170, y: 80)], mask: left)
    let mask = try BuiltinSegmenter().prepare(discs).candidates(for: prompts, limit: 1)[0].mask
    #expect(MaskEvaluator.intersectionOverUnion(both, mask) > 0.9)
  }

  @Test func aClickTakesAwayFromAMask() throws {
    let prompts = Prompts(outside: [.init(x: 170, y: 80)], mask: both)
    let mask = try BuiltinSegmenter().prepare(discs).candidates(for: prompts, limit: 1)[0].mask
    #expect(MaskEvaluator.intersectionOverUnion(left, mask) > 0.9)
  }
}
