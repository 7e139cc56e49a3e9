import Evaluation
import Imaging
import TestSupport
import Testing

@testable import Segmentation

/// What a frame's neighbours tell of a click or a box, on a walker of many colours before a busy wall.
@Suite struct MovingObjectTests {
  private struct View {
    let image: RGBImage
    let neighbours: [RGBImage]
    let truth: Plane<UInt8>

    init(width: Int = 480, frames: Int = 24, seed: UInt64, frame: Int) {
      let scene = SyntheticScene(width: width, height: width * 9 / 16, frameCount: frames, seed: seed)
      let rendered = scene.frame(frame)
      image = rendered.image
      truth = rendered.objects.coverage(of: 1)
      neighbours = [frame - 2, frame + 2].filter { $0 >= 0 }.map { scene.frame($0).image }
    }

    /// A click in the middle of the walker, so far down.
    func click(at share: Double) -> Prompts {
      let box = truth.boundingBox!
      let y = box.y + Int(Double(box.height) * share)
      let row = (box.x..<box.maxX).filter { truth[$0, y] != 0 }
      return Prompts(inside: [.init(x: row[row.count / 2], y: y)])
    }

    func overlap(_ candidate: Candidate) -> Double { MaskEvaluator.intersectionOverUnion(truth, candidate.mask) }
  }

  private static let views = [View(seed: 7, frame: 0), View(seed: 3, frame: 0), View(seed: 3, frame: 6)]
  private static let large = View(width: 640, frames: 72, seed: 1, frame: 6)

  @Test func aClickTakesMoreOfWhatMovesTogether() throws {
    var (alone, beside) = (0.0, 0.0)
    for view in Self.views {
      let single = try BuiltinSegmenter(threads: 2).prepare(view.image)
      let together = try BuiltinSegmenter(threads: 2).prepare(view.image, beside: view.neighbours)
      for share in [0.2, 0.4, 0.7] {
        alone += view.overlap(try single.candidates(for: view.click(at: share), limit: 1)[0]) / 9
        beside += view.overlap(try together.candidates(for: view.click(at: share), limit: 1)[0]) / 9
      }
    }
    #expect(beside > alone + 0.1, "\(alone) alone, \(beside) beside the neighbours")
  }

  @Test func oneClickTakesTheWholeWalker() throws {
    for seed: UInt64 in [2, 3] {
      let view = View(width: 640, frames: 72, seed: seed, frame: 30)
      let frame = try BuiltinSegmenter(threads: 2).prepare(view.image, beside: view.neighbours)
      for share in [0.25, 0.45] {
        let overlap = view.overlap(try frame.candidates(for: view.click(at: share), limit: 1)[0])
        #expect(overlap > 0.8, "seed \(seed), click at \(share): \(overlap)")
      }
    }
  }

  @Test func aClickOutsideAmongWhatMovesAsksForAPart() throws {
    let view = View(width: 640, frames: 72, seed: 2, frame: 30)
    let frame = try BuiltinSegmenter(threads: 2).prepare(view.image, beside: view.neighbours)
    let (shirt, trousers) = (view.click(at: 0.35).insidePoints[0], view.click(at: 0.75).insidePoints[0])
    let mask = try frame.candidates(for: Prompts(inside: [shirt], outside: [trousers]), limit: 1)[0].mask
    let box = try #require(mask.boundingBox)
    #expect(mask[shirt.x, shirt.y] != 0)
    #expect(Double(box.height) < 0.75 * Double(view.truth.boundingBox!.height), "the legs are left")
  }

  @Test func allThatMovesIsAmongTheAnswers() throws {
    let view = Self.large
    let frame = try BuiltinSegmenter(threads: 2).prepare(view.image, beside: view.neighbours)
    let best = try frame.candidates(for: view.click(at: 0.4)).map(view.overlap).max() ?? 0
    #expect(best > 0.7, "\(best)")
  }

  @Test func whatMovesIsFound() throws {
    let view = Self.large
    let scene = Scene(view.image, neighbours: view.neighbours, threads: 2)
    let moving = try #require(scene.moving)
    let found = Plane(
      width: view.image.width, height: view.image.height,
      samples: scene.superpixels.labels.map { moving[Int($0)] ? UInt8(255) : 0 })
    let overlap = MaskEvaluator.intersectionOverUnion(view.truth, found)
    #expect(overlap > 0.7, "\(overlap)")
  }

  @Test func neighboursThatTellNothingChangeNothing() throws {
    let view = Self.views[0]
    let prompts = [view.click(at: 0.4), Prompts(inside: [.init(x: 440, y: 40)]), Prompts(box: view.truth.boundingBox!)]
    let others = [
      [view.image], [Pictures.disc(width: 480, height: 270)], [RGBImage(width: 4, height: 4)],
    ]
    let alone = try BuiltinSegmenter(threads: 2).prepare(view.image)
    for neighbours in others {
      let beside = try BuiltinSegmenter(threads: 2).prepare(view.image, beside: neighbours)
      for prompt in prompts {
        let same =
          try alone.candidates(for: prompt, limit: 1)[0].mask == beside.candidates(for: prompt, limit: 1)[0].mask
        #expect(same, "the same picture, another shot, another size")
      }
    }
  }

  @Test func answersDoNotDependOnThreads() throws {
    let view = Self.views[2]
    let masks = try [1, 3].map { threads in
      try BuiltinSegmenter(threads: threads).prepare(view.image, beside: view.neighbours)
        .candidates(for: view.click(at: 0.4)).map(\.mask)
    }
    #expect(masks[0] == masks[1])
  }
}
