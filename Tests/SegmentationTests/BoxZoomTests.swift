import Evaluation
import Imaging
import Testing

@testable import Segmentation

@Suite("A closer look at boxes")
struct BoxZoomTests {
  private let frame = Region(x: 0, y: 0, width: 1280, height: 720)
  private let box = Region(x: 1200, y: 30, width: 40, height: 60)

  @Test("what takes up little of the frame is looked at closer, with something around it")
  func region() throws {
    let zoom = try #require(BoxZoom(Prompts(box: box), in: frame))
    #expect(frame.contains(zoom.region) && zoom.region.contains(box.grown(by: 30)))
    #expect(zoom.width == 2 * zoom.region.width && zoom.height == 2 * zoom.region.height)
    let moved = zoom.moved(Prompts(inside: [.init(x: 1210, y: 40)], outside: [.init(x: 1239, y: 89)], box: box))
    try moved.validate(width: zoom.width, height: zoom.height)
    #expect(moved.box?.width == 80 && moved.box?.height == 120)
    #expect(moved.inside == [.init(x: 2 * (1210 - zoom.region.x) + 1, y: 81)])
  }

  @Test("large boxes, given masks and clicks far away are seen with the whole frame")
  func whole() {
    let mask = Plane<UInt8>(width: 1280, height: 720, repeating: 0)
    #expect(BoxZoom(Prompts(box: Region(x: 100, y: 100, width: 600, height: 400)), in: frame) == nil)
    #expect(BoxZoom(Prompts(box: box, mask: mask), in: frame) == nil)
    #expect(BoxZoom(Prompts(outside: [.init(x: 9, y: 700)], box: box), in: frame) == nil)
    #expect(BoxZoom(Prompts(inside: [.init(x: 9, y: 700)]), in: frame) == nil)
  }

  @Test(
    "a box about a small disc takes the disc where it is, at the frame's corner too", arguments: [(300, 200), (12, 12)])
  func disc(x: Int, y: Int) throws {
    let isInside = { (u: Int, v: Int) in (u - x) * (u - x) + (v - y) * (v - y) <= 100 }
    let image = Pictures.paint(480, 320) { isInside($0, $1) ? SIMD3(190, 60, 50) : SIMD3(70, 130, 80) }
    let truth = Pictures.truth(480, 320, isInside)
    let prompts = Prompts(box: truth.boundingBox)
    #expect(BoxZoom(prompts, in: image.bounds) != nil)
    let mask = try BuiltinSegmenter().prepare(image).candidates(for: prompts)[0].mask
    #expect(MaskEvaluator.intersectionOverUnion(truth, mask) > 0.85)
  }

  @Test("frames of a few pixels", arguments: [(1, 200), (200, 1), (3, 90)])
  func tiny(width: Int, height: Int) throws {
    let image = Pictures.paint(width, height) { x, y in SIMD3(repeating: Float((x + y) * 7 % 200)) }
    let prompts = Prompts(box: Region(x: 0, y: 0, width: min(2, width), height: min(2, height)))
    let mask = try BuiltinSegmenter().prepare(image).candidates(for: prompts)[0].mask
    #expect(mask.width == width && mask.height == height)
  }
}
