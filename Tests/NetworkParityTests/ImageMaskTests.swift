import Foundation
import Imaging
import NeuralGraph
import NeuralRuntime
import Segmentation
import Testing

/// Users' own models, written here: a picture in, how bright it is out.
@Suite(.enabled(if: RuntimeHere.runtime != nil, "no ONNX Runtime on this machine: pip install onnxruntime"))
struct ImageMaskTests {
  private let path = FileManager.default.temporaryDirectory.path + "/model-\(UUID().uuidString).onnx"

  private func write(input: [Int] = [1, 3, 64, 64], _ build: (Value) -> [Value]) throws {
    let builder = GraphBuilder("own", weights: NetworkWeights(source: "none", tensors: [:]))
    for (index, output) in build(builder.input("picture", input)).enumerated() {
      builder.output("out\(index)", output)
    }
    try Data(builder.finish().model).write(to: URL(fileURLWithPath: path))
  }

  private func network() throws -> ImageMaskNetwork {
    try ImageMaskNetwork(path, runtime: try #require(RuntimeHere.runtime))
  }

  /// Two bright boxes on a dark ground.
  private static let boxes = [
    Region(x: 16, y: 12, width: 40, height: 30), Region(x: 90, y: 40, width: 24, height: 24),
  ]

  private func picture() -> RGBImage {
    var image = RGBImage(width: 128, height: 96)
    for y in 0..<96 {
      for x in 0..<128 {
        let isBright = Self.boxes.contains { $0.contains(x: x, y: y) }
        image[x, y] = RGBImage.fixed(isBright ? SIMD4(220, 210, 200, 0) : SIMD4(30, 20, 10, 0))
      }
    }
    return image
  }

  private func prepared() throws -> ImageMaskFrame {
    // The first output is none: it has another size.
    try write { [$0.mean([2, 3]), $0.mean([1])] }
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try ImageMaskSegmenter(network()).prepare(picture())
  }

  @Test func promptsChooseAmongTheParts() throws {
    let frame = try prepared()
    let click = try frame.candidates(for: Prompts(inside: [.init(x: 30, y: 20)]))
    #expect(click.map(\.mask.boundingBox) == [Self.boxes[0], Self.boxes[0].union(Self.boxes[1])])
    #expect(click.allSatisfy { 0.9...1 ~= $0.score })
    let beside = try frame.candidates(for: Prompts(inside: [.init(x: 120, y: 80)]), limit: 1)
    #expect(beside.map(\.mask.boundingBox) == [Self.boxes[1]])
    let box = Region(x: 80, y: 30, width: 24, height: 50)
    let boxed = try frame.candidates(for: Prompts(box: box))
    #expect(boxed.map(\.mask.boundingBox) == [Self.boxes[1].intersection(box)])
    let without = try frame.candidates(
      for: Prompts(outside: [.init(x: 30, y: 20)], box: Region(x: 0, y: 0, width: 128, height: 96)))
    #expect(without.first?.mask.boundingBox == Self.boxes[1])
    #expect(throws: SegmentationError.self) { try frame.candidates(for: Prompts(inside: [.init(x: 128, y: 0)])) }
  }

  @Test func partsAreProposedLargestFirst() throws {
    let frame = try prepared()
    let found = try frame.proposals(ProposalOptions(), beside: nil)
    #expect(found.map(\.mask.boundingBox) == Self.boxes)
    let rest = try frame.proposals(ProposalOptions(), beside: found[0].mask)
    #expect(rest.map(\.mask.boundingBox) == [Self.boxes[1]])
  }

  @Test func otherModelsAreRefusedWithAReason() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    func refusal() -> String? {
      let error = #expect(throws: NeuralError.self) { try network() }
      #expect(error?.code == .badModel)
      return error?.context
    }
    try write { [$0 * 2] }
    #expect(refusal()?.contains("its outputs are [1, 3, 64, 64]") == true)
    try write(input: [1, 64, 64, 3]) { [$0 * 2] }
    #expect(refusal()?.contains("its inputs are [1, 64, 64, 3]") == true)
    try Data("no model".utf8).write(to: URL(fileURLWithPath: path))
    #expect(refusal()?.contains("is no model") == true)
    try? FileManager.default.removeItem(atPath: path)
    #expect(refusal()?.contains("cannot be read") == true)
  }
}
