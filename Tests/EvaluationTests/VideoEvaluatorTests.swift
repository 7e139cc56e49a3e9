import Foundation
import Imaging
import Testing

@testable import Evaluation

struct VideoEvaluatorTests {
  private func grey(_ level: UInt8, width: Int = 80, height: Int = 70) -> RGBImage {
    RGBImage(width: width, height: height, rgb: Array(repeating: level, count: width * height * 3))
  }

  @Test func equalClipsScoreHighest() throws {
    var evaluator = VideoEvaluator()
    let hole = Plane<UInt8>(width: 80, height: 70, repeating: 255)
    for level: UInt8 in [10, 90] { try evaluator.add(reference: grey(level), output: grey(level), hole: hole) }
    let scores = evaluator.scores
    #expect(scores.frames == 2)
    #expect(scores.psnr == 100)
    #expect(scores.ssim == 1)
    #expect(scores.holePSNR == 100)
    #expect(scores.flicker == 0)
  }

  @Test func anErrorOfTenLevelsIs28Decibels() throws {
    var evaluator = VideoEvaluator()
    try evaluator.add(reference: grey(100), output: grey(110))
    #expect(evaluator.scores.psnr == 28.1308)
    #expect(evaluator.scores.holePSNR == nil)
  }

  @Test func theHoleIsScoredAlone() throws {
    var output = grey(100)
    output[3, 4] = RGBImage.fixed(SIMD4(120, 100, 100, 0))
    var hole = Plane<UInt8>(width: 80, height: 70, repeating: 0)
    hole[3, 4] = 1
    hole[4, 4] = 9
    var evaluator = VideoEvaluator()
    try evaluator.add(reference: grey(100), output: output, hole: hole)
    // 400 / 6 mean squared error.
    #expect(evaluator.scores.holePSNR == 29.8917)
  }

  @Test func flickerIsChangeThatTheReferenceHasNot() throws {
    let hole = Plane<UInt8>(width: 80, height: 70, repeating: 255)
    var evaluator = VideoEvaluator()
    try evaluator.add(reference: grey(100), output: grey(100), hole: hole)
    try evaluator.add(reference: grey(110), output: grey(100), hole: hole)
    try evaluator.add(reference: grey(110), output: grey(104), hole: hole)
    #expect(evaluator.scores.flicker == 7)
  }

  @Test func smallFramesHaveNoStructuralSimilarity() throws {
    var evaluator = VideoEvaluator()
    try evaluator.add(reference: grey(1, width: 64, height: 80), output: grey(1, width: 64, height: 80))
    #expect(evaluator.scores.ssim == nil)
    #expect(evaluator.scores.psnr == 100)
  }

  @Test func aHoleOfAnotherSizeIsScaled() throws {
    var hole = Plane<UInt8>(width: 40, height: 35, repeating: 0)
    hole[1, 2] = 255
    #expect(hole.nearest(width: 80, height: 70).samples.filter { $0 != 0 }.count == 4)
    var output = grey(100)
    output[2, 4] = RGBImage.fixed(SIMD4(110, 110, 110, 0))
    var evaluator = VideoEvaluator()
    try evaluator.add(reference: grey(100), output: output, hole: hole)
    // One pixel in four is 10 levels off.
    #expect(evaluator.scores.holePSNR == 34.1514)
  }

  @Test func framesOfTwoSizesAreAnError() {
    var evaluator = VideoEvaluator()
    let error = #expect(throws: EvaluationError.self) {
      try evaluator.add(reference: grey(1), output: grey(1, width: 81))
    }
    #expect(error?.code == .wrongSize)
  }

  @Test func missingScoresAreNullInJSON() throws {
    let text = String(decoding: try JSONEncoder().encode(VideoEvaluator().scores), as: UTF8.self)
    #expect(text.contains("\"hole_psnr\":null"))
  }
}
