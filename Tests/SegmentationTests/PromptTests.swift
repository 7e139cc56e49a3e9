import Imaging
import Testing

@testable import Segmentation

@Suite struct PromptTests {
  private func code(_ prompts: Prompts, _ frame: BuiltinPreparedFrame) -> SegmentationError.Code? {
    do {
      _ = try frame.candidates(for: prompts)
      return nil
    } catch let error as SegmentationError {
      return error.code
    } catch {
      return nil
    }
  }

  @Test func refusesPromptsThatSayNothing() throws {
    let frame = try BuiltinSegmenter().prepare(Pictures.disc(width: 60, height: 40))
    #expect(code(Prompts(), frame) == .emptyPrompt)
    #expect(code(Prompts(outside: [.init(x: 3, y: 3)]), frame) == .emptyPrompt)
    #expect(code(Prompts(insideStrokes: [.init(points: [])]), frame) == .emptyPrompt)
  }

  @Test func refusesPlacesOutsideTheFrame() throws {
    let frame = try BuiltinSegmenter().prepare(Pictures.disc(width: 60, height: 40))
    #expect(code(Prompts(inside: [.init(x: 60, y: 3)]), frame) == .outsideFrame)
    #expect(code(Prompts(inside: [.init(x: 3, y: -1)]), frame) == .outsideFrame)
    #expect(code(Prompts(inside: [.init(x: .max, y: .min)]), frame) == .outsideFrame)
    #expect(code(Prompts(box: Region(x: 70, y: 0, width: 5, height: 5)), frame) == .outsideFrame)
    #expect(code(Prompts(box: Region(x: 0, y: 0, width: 0, height: 5)), frame) == .outsideFrame)
    #expect(code(Prompts(box: Region(x: .max, y: 0, width: .max, height: 5)), frame) == .outsideFrame)
    #expect(code(Prompts(mask: Plane(width: 4, height: 4, repeating: 255)), frame) == .outsideFrame)
    #expect(code(Prompts(box: Region(x: -900, y: .min, width: .max, height: .max)), frame) == .outsideFrame)
  }

  @Test func strokesPassEveryPixelBetweenTheirPoints() {
    let stroke = Prompts.Stroke(points: [.init(x: 0, y: 0), .init(x: 6, y: 2), .init(x: 6, y: 0)])
    let pixels = stroke.rasterized
    #expect(pixels.first == .init(x: 0, y: 0))
    #expect(pixels.last == .init(x: 6, y: 0))
    for (a, b) in zip(pixels, pixels.dropFirst()) { #expect(max(abs(a.x - b.x), abs(a.y - b.y)) == 1) }
  }

  @Test(arguments: [(1, 1), (2, 2), (1, 300), (300, 1), (3, 1000), (64, 64)])
  func anySizeIsAnswered(width: Int, height: Int) throws {
    let flat = RGBImage(width: width, height: height, repeating: SIMD4(9000, 9000, 9000, 0))
    for image in [flat, Pictures.disc(width: width, height: height)] {
      let frame = try BuiltinSegmenter().prepare(image)
      let center = Prompts.Point(x: width / 2, y: height / 2)
      let corner = Prompts.Point(x: 0, y: 0)
      let whole = Region(x: 0, y: 0, width: width, height: height)
      for prompts in [
        Prompts(inside: [center]), Prompts(inside: [center], outside: [corner]), Prompts(box: whole),
        Prompts(inside: [center], box: whole), Prompts(mask: Plane(width: width, height: height, repeating: 255)),
        Prompts(mask: Plane(width: width, height: height, repeating: 0)),
      ] {
        let candidates = try frame.candidates(for: prompts)
        #expect(candidates[0].mask.width == width && candidates[0].mask.height == height)
        #expect(candidates.allSatisfy { $0.score >= 0 && $0.score <= 1 })
      }
    }
  }
}
