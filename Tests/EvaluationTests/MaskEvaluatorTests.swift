import Imaging
import Testing

@testable import Evaluation

struct MaskEvaluatorTests {
  private func box(_ region: Region, width: Int = 60, height: Int = 40) -> Plane<UInt8> {
    var plane = Plane<UInt8>(width: width, height: height, repeating: 0)
    for y in region.y..<region.maxY {
      for x in region.x..<region.maxX { plane[x, y] = 1 }
    }
    return plane
  }

  @Test func overlapOfHalfShiftedBoxes() {
    let a = box(Region(x: 10, y: 10, width: 20, height: 10))
    let b = box(Region(x: 20, y: 10, width: 20, height: 10))
    #expect(MaskEvaluator.intersectionOverUnion(a, b) == 1.0 / 3)
    let empty = Plane<UInt8>(width: 60, height: 40, repeating: 0)
    #expect(MaskEvaluator.intersectionOverUnion(empty, empty) == 1)
    #expect(MaskEvaluator.intersectionOverUnion(a, empty) == 0)
  }

  @Test func boundariesMatchWithinTheTolerance() {
    // The diagonal is 72 pixels, so the tolerance is 1.
    let a = box(Region(x: 10, y: 10, width: 20, height: 10))
    #expect(BoundaryMeasure.f(a, a) == 1)
    #expect(BoundaryMeasure.f(a, box(Region(x: 11, y: 10, width: 20, height: 10))) == 1)
    #expect(BoundaryMeasure.f(a, box(Region(x: 14, y: 14, width: 20, height: 10))) < 0.5)
    let empty = Plane<UInt8>(width: 60, height: 40, repeating: 0)
    #expect(BoundaryMeasure.f(empty, empty) == 1)
    #expect(BoundaryMeasure.f(a, empty) == 0)
  }

  @Test func theBoundaryOfOnePixelHasFourPlaces() {
    let edge = BoundaryMeasure.boundary(box(Region(x: 5, y: 5, width: 1, height: 1), width: 20, height: 20))
    #expect(edge == [4 * 20 + 4, 4 * 20 + 5, 5 * 20 + 4, 5 * 20 + 5])
  }

  @Test func theFirstFrameDoesNotCountAndDecayComparesTheEnds() {
    let truth = box(Region(x: 10, y: 10, width: 20, height: 10))
    let empty = Plane<UInt8>(width: 60, height: 40, repeating: 0)
    var evaluator = MaskEvaluator()
    evaluator.add(truth: truth, prediction: empty)
    #expect(evaluator.scores == MaskScores(frames: 0))
    for guess in [truth, truth, truth, empty] { evaluator.add(truth: truth, prediction: guess) }
    #expect(evaluator.scores == MaskScores(frames: 4, j: 0.75, f: 0.75, jAndF: 0.75, jDecay: 1))
  }
}
