import Evaluation
import Imaging
import Testing

@testable import Segmentation

@Suite struct ClickTests {
  private let width = 240
  private let height = 160

  @Test func oneClickTakesADiscOnTexture() throws {
    let frame = try BuiltinSegmenter().prepare(Pictures.disc(width: width, height: height))
    let mask = try frame.candidates(for: Prompts(inside: [.init(x: 120, y: 80)]))[0].mask
    let truth = Pictures.discTruth(width: width, height: height)
    #expect(MaskEvaluator.intersectionOverUnion(truth, mask) > 0.95)
  }

  @Test func aBoxTakesADisc() throws {
    let frame = try BuiltinSegmenter().prepare(Pictures.disc(width: width, height: height))
    let truth = Pictures.discTruth(width: width, height: height)
    let mask = try frame.candidates(for: Prompts(box: truth.boundingBox))[0].mask
    #expect(MaskEvaluator.intersectionOverUnion(truth, mask) > 0.95)
  }

  @Test func partingAlongTheSidesOfABoxCostsLittle() throws {
    let scene = try BuiltinSegmenter().prepare(Pictures.paint(width, height) { _, _ in SIMD3(90, 90, 90) }).scene
    let box = scene.scale.reduced(Region(x: 60, y: 40, width: 90, height: 70))
    let coverage = BoxFeatures(scene, box: box).coverage
    let isMeant = coverage.map { $0 > 0.5 }
    let seeds = Seeds(Prompts(), scale: scene.scale, superpixels: scene.superpixels)
    /// The least log-odds that outweigh the contour.
    func price(_ coverage: [Float]?) -> Float? {
      stride(from: Float(0.5), to: 6, by: 0.25).first { odds in
        RegionCut.labels(scene, logits: isMeant.map { $0 ? odds : -odds }, seeds: seeds, coverage: coverage) == isMeant
      }
    }
    let (plain, boxed) = (try #require(price(nil)), try #require(price(coverage)))
    #expect(boxed < 0.75 * plain)
  }

  @Test func answersDoNotDependOnThreads() throws {
    let image = Pictures.disc(width: width, height: height)
    let prompts = Prompts(inside: [.init(x: 120, y: 80)], outside: [.init(x: 5, y: 5)])
    let one = try BuiltinSegmenter(threads: 1).prepare(image).candidates(for: prompts)
    let many = try BuiltinSegmenter(threads: 5).prepare(image).candidates(for: prompts)
    #expect(one.map(\.mask) == many.map(\.mask))
    #expect(one.map(\.score) == many.map(\.score))
  }
}
