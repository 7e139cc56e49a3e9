import Evaluation
import Imaging
import Testing

@testable import Segmentation

@Suite struct CorrectionTests {
  /// Two red shirts over blue trousers, side by side before a green ground.
  private var figures: RGBImage {
    Pictures.paint(320, 160) { x, y in
      guard 60..<100 ~= x || 200..<240 ~= x, 30..<130 ~= y else { return SIMD3(80, 140, 70) }
      return y < 80 ? SIMD3(200, 50, 60) : SIMD3(40, 60, 160)
    }
  }

  private func mask(_ inside: [(Int, Int)], _ outside: [(Int, Int)] = []) throws -> Plane<UInt8> {
    let points = { (places: [(Int, Int)]) in places.map { Prompts.Point(x: $0.0, y: $0.1) } }
    return try BuiltinSegmenter().prepare(figures)
      .candidates(for: Prompts(inside: points(inside), outside: points(outside)), limit: 1)[0].mask
  }

  private func count(_ first: Plane<UInt8>, without second: Plane<UInt8>) -> Int {
    zip(first.samples, second.samples).count { $0 != 0 && $1 == 0 }
  }

  @Test func aClickInsideAddsAndTakesNothing() throws {
    let shirt = try mask([(80, 55)])
    let both = try mask([(80, 55), (80, 105)])
    #expect(count(shirt, without: both) < 40)
    let truth = Pictures.truth(320, 160) { x, y in 60..<100 ~= x && 30..<130 ~= y }
    #expect(MaskEvaluator.intersectionOverUnion(truth, both) > 0.9)
  }

  @Test func aClickOutsideTakesAndAddsNothing() throws {
    let both = try mask([(80, 55), (220, 55)])
    let one = try mask([(80, 55), (220, 55)], [(220, 105)])
    #expect(count(one, without: both) < 40)
    #expect(one[220, 105] == 0 && one[80, 55] != 0 && one[220, 55] != 0)
  }

  @Test func aLaterClickInTheSamePlaceCounts() throws {
    let frame = try BuiltinSegmenter().prepare(figures)
    let scene = frame.scene
    let (first, again) = (Prompts.Point(x: 80, y: 55), Prompts.Point(x: 80, y: 105))
    let prompts = Prompts(inside: [first, again], outside: [again])
    let seeds = Seeds(prompts, scale: scene.scale, superpixels: scene.superpixels)
    let replay = ClickReplay.play(seeds, on: scene, memo: ReplayMemo())
    #expect(replay.pinned.inside.count == 1)
    #expect(replay.pinned.outside.count == 1)
  }

  @Test func answersDoNotDependOnWhatWasAskedBefore() throws {
    let clicks = [Prompts.Point(x: 80, y: 55), .init(x: 80, y: 105), .init(x: 220, y: 55)]
    let asked = try BuiltinSegmenter().prepare(figures)
    for count in 1...3 { _ = try asked.candidates(for: Prompts(inside: Array(clicks.prefix(count))), limit: 1) }
    let stroke = Prompts.Stroke(points: clicks)
    for prompts in [
      Prompts(inside: clicks, outside: [.init(x: 150, y: 80)]), Prompts(inside: [clicks[0]], outside: [clicks[2]]),
      Prompts(insideStrokes: [stroke]),
    ] {
      let fresh = try BuiltinSegmenter().prepare(figures).candidates(for: prompts)
      let known = try asked.candidates(for: prompts)
      #expect(fresh.map(\.mask) == known.map(\.mask))
      #expect(fresh.map(\.score) == known.map(\.score))
    }
  }

  @Test func aStrokeIsOneMark() {
    let scene = Scene(figures, threads: 1)
    let stroke = Prompts.Stroke(points: [.init(x: 70, y: 40), .init(x: 90, y: 120)])
    let prompts = Prompts(inside: [.init(x: 80, y: 55)], insideStrokes: [stroke])
    let seeds = Seeds(prompts, scale: scene.scale, superpixels: scene.superpixels).inside
    #expect(Set(seeds.map(\.mark)) == [0, 1])
    #expect(seeds.count > 2)
  }

  @Test func whatAClickMayChangeIsBoundedByTheAnswer() {
    let scene = Scene(figures, threads: 1)
    let click = Prompts(inside: [.init(x: 220, y: 55)])
    let seed = Seeds(click, scale: scene.scale, superpixels: scene.superpixels).inside[0]
    let regions = [ClickedRegions(scene, seed: seed, opposite: [])]
    let isWrong = [Bool](repeating: true, count: scene.graph.count)
    let spread = { (area: Float) in
      let prior = ChangedRegions(scene, clicked: regions, isWrong: isWrong, area: area, isInside: true).prior
      return zip(prior, scene.graph.regions).reduce(0) { $0 + $1.0 * $1.1.area }
    }
    #expect(spread(100) < spread(20000))
  }
}
