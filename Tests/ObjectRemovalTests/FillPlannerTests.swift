import Imaging
import Inpainting
import Testing

@testable import ObjectRemoval

@Suite struct FillPlannerTests {
  /// An engine whose windows hold as many frames as the memory allows.
  struct Engine: Inpainter {
    func plan(width: Int, height: Int, memory: Int) throws -> WindowPlan {
      let frames = memory / (width * height * 9)
      guard frames >= 5 else { throw InpaintingError(.memory, "too little") }
      return WindowPlan(core: frames / 5, before: frames * 2 / 5, after: frames * 2 / 5, margin: 20, peakBytes: memory)
    }

    func fill(
      _ window: InpaintingWindow, cancellation: Cancellation, progress: (Double) -> Void
    ) throws -> [FilledFrame] { [] }
  }

  final class Boxes: MaskProvider {
    let boxes: (Int) -> [Region]
    init(_ boxes: @escaping (Int) -> [Region]) { self.boxes = boxes }

    func mask(at frame: Int) throws -> Mask {
      var mask = Mask(width: 400, height: 300)
      for box in boxes(frame) {
        for y in box.y..<box.maxY { for x in box.x..<box.maxX { mask.labels[x, y] = 1 } }
      }
      return mask
    }
  }

  func planner(_ masks: Boxes, memory: Int) -> FillPlanner {
    FillPlanner(
      masks: masks, shape: HoleShape(dilation: 2, feather: 0), inpainter: Engine(),
      bounds: Region(x: 0, y: 0, width: 400, height: 300), memory: memory, scale: 1)
  }

  @Test func holesFarApartAreFilledApart() throws {
    let masks = Boxes { _ in
      [Region(x: 10, y: 10, width: 30, height: 20), Region(x: 350, y: 260, width: 30, height: 20)]
    }
    let window = try planner(masks, memory: 60 << 20).window(from: 0, within: 0...99)
    #expect(window.parts.count == 2)
    #expect(window.parts.allSatisfy { $0.region.area < 400 * 300 / 4 })
  }

  @Test func windowsShrinkToTheMemory() throws {
    let masks = Boxes { frame in [Region(x: 10 + frame * 3, y: 100, width: 60, height: 60)] }
    let wide = try planner(masks, memory: 200 << 20).window(from: 0, within: 0...99)
    let narrow = try planner(masks, memory: 8 << 20).window(from: 0, within: 0...99)
    #expect(narrow.core.count < wide.core.count)
    for window in [wide, narrow] {
      for part in window.parts { #expect(part.plan.core >= window.core.count) }
    }
  }

  @Test func everyHoleLiesInsideItsWindowsRegions() throws {
    let masks = Boxes { frame in [Region(x: (frame * 37) % 330, y: (frame * 53) % 230, width: 50, height: 40)] }
    let window = try planner(masks, memory: 100 << 20).window(from: 3, within: 0...20)
    for frame in window.core {
      let hole = try masks.mask(at: frame).boundingBox!.grown(by: 2)
      #expect(
        window.parts.contains { $0.region.contains(hole.intersection(Region(x: 0, y: 0, width: 400, height: 300))) })
    }
  }

  @Test func tooLittleMemoryShrinksTheScaleAndThenIsSaid() throws {
    let masks = Boxes { _ in [Region(x: 10, y: 10, width: 300, height: 200)] }
    let full = try planner(masks, memory: 60 << 20).window(from: 0, within: 0...9)
    #expect(full.parts.map(\.scale) == [1])
    let reduced = try planner(masks, memory: 2 << 20).window(from: 0, within: 0...9)
    #expect(reduced.parts.allSatisfy { $0.scale < 1 && $0.plan.core + $0.plan.before + $0.plan.after >= 5 })
    #expect(throws: InpaintingError.self) { try planner(masks, memory: 4096).window(from: 0, within: 0...9) }
  }

  @Test func mergingReachesAFixedPoint() {
    let chain = (0..<6).map { Region(x: $0 * 12, y: 0, width: 10, height: 10) }
    #expect(FillPlanner.merged(chain, within: 4) == [Region(x: 0, y: 0, width: 70, height: 10)])
    #expect(FillPlanner.merged(chain, within: 1).count == 6)
  }
}
