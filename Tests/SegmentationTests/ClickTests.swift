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

  @Test func answersDoNotDependOnThreads() throws {
    let image = Pictures.disc(width: width, height: height)
    let prompts = Prompts(inside: [.init(x: 120, y: 80)], outside: [.init(x: 5, y: 5)])
    let one = try BuiltinSegmenter(threads: 1).prepare(image).candidates(for: prompts)
    let many = try BuiltinSegmenter(threads: 5).prepare(image).candidates(for: prompts)
    #expect(one.map(\.mask) == many.map(\.mask))
    #expect(one.map(\.score) == many.map(\.score))
  }
}
