import Evaluation
import Imaging
import Testing

@testable import Segmentation

@Suite struct ProposalTests {
  /// Six squares of their own colours before a grey ground.
  private func isInSquare(_ square: Int, _ x: Int, _ y: Int) -> Bool {
    let (left, top) = (20 + square % 3 * 75, 20 + square / 3 * 75)
    return left..<left + 36 ~= x && top..<top + 36 ~= y
  }

  private var squares: RGBImage {
    let colors: [SIMD3<Float>] = [
      SIMD3(200, 50, 60), SIMD3(50, 180, 60), SIMD3(40, 60, 200), SIMD3(210, 200, 40), SIMD3(190, 60, 190),
      SIMD3(30, 30, 30),
    ]
    return Pictures.paint(240, 160) { x, y in
      (0..<6).first { isInSquare($0, x, y) }.map { colors[$0] } ?? SIMD3(130, 130, 130)
    }
  }

  private func truth(_ square: Int) -> Plane<UInt8> { Pictures.truth(240, 160) { isInSquare(square, $0, $1) } }

  @Test func findsEveryThingOnce() throws {
    let found = try BuiltinSegmenter().prepare(squares).proposals(ProposalOptions(), beside: nil)
    for square in 0..<6 {
      let overlaps = found.map { MaskEvaluator.intersectionOverUnion(truth(square), $0.mask) }
      #expect(overlaps.count { $0 > 0.9 } == 1, "square \(square): \(overlaps)")
    }
    var counts = [Int](repeating: 0, count: 240 * 160)
    for proposal in found { for i in counts.indices where proposal.mask.samples[i] != 0 { counts[i] += 1 } }
    #expect(counts.allSatisfy { $0 <= 1 })
  }

  @Test func atMostSoManyAreFoundAndTheFirstOnes() throws {
    let frame = try BuiltinSegmenter().prepare(squares)
    let all = try frame.proposals(ProposalOptions(), beside: nil)
    let some = try frame.proposals(ProposalOptions(maximum: 3), beside: nil)
    #expect(some.count == 3)
    #expect(some.map(\.score) == all.prefix(3).map(\.score))
  }

  @Test func nothingIsProposedThatIsKnown() throws {
    let frame = try BuiltinSegmenter().prepare(squares)
    let found = try frame.proposals(ProposalOptions(), beside: truth(2))
    for proposal in found {
      #expect(MaskEvaluator.intersectionOverUnion(truth(2), proposal.mask) < 0.1)
      #expect(zip(proposal.mask.samples, truth(2).samples).allSatisfy { $0 == 0 || $1 == 0 })
    }
    #expect(found.contains { MaskEvaluator.intersectionOverUnion(truth(3), $0.mask) > 0.9 })
  }

  @Test func refusesMoreThanALabelMapHolds() throws {
    let frame = try BuiltinSegmenter().prepare(squares)
    func code(_ options: ProposalOptions) -> SegmentationError.Code? {
      do {
        _ = try frame.proposals(options, beside: nil)
        return nil
      } catch { return (error as? SegmentationError)?.code }
    }
    #expect(code(ProposalOptions(maximum: 256)) == .tooManyObjects)
    #expect(code(ProposalOptions(maximum: 0)) == .tooManyObjects)
    #expect(code(ProposalOptions(pointsPerSide: 65)) == .badGrid)
    #expect(code(ProposalOptions(pointsPerSide: 0)) == .badGrid)
    #expect(code(ProposalOptions(pointsPerSide: 64, maximum: 255)) == nil)
  }

  @Test(arguments: [(1, 1), (2, 3), (1, 200), (40, 30)])
  func anySizeIsLookedThrough(width: Int, height: Int) throws {
    let frame = try BuiltinSegmenter().prepare(Pictures.disc(width: width, height: height))
    #expect(try frame.proposals(ProposalOptions(pointsPerSide: 64), beside: nil).count <= 255)
  }
}
