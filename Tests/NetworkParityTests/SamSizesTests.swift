import Foundation
import NeuralGraph
import NeuralRuntime
import Segmentation
import TestSupport
import Testing

@testable import ModelLibrary
@testable import NetworkParity

/// The sizes of SAM that shared/parity does not hold, by the shapes of their published state dictionaries.
@Suite(.serialized, .enabled(if: SharedClips.isAvailable, "no shared parity data"))
struct SamSizesTests {
  private struct Size {
    let channels: Int
    let heads: Int
    let global: [Int]
  }

  private static let sizes = [
    "B": Size(channels: 768, heads: 12, global: [2, 5, 8, 11]),
    "L": Size(channels: 1024, heads: 16, global: [5, 11, 17, 23]),
    "H": Size(channels: 1280, heads: 16, global: [7, 15, 23, 31]),
  ]

  private static func folder(_ name: String) throws -> ParityFolder {
    try ParityFolder(try #require(SharedClips.path("parity/" + name)))
  }

  /// ViT-B's tensors, widened and stacked; with HQ-SAM's decoder where asked for.
  private static func weights(_ name: String, isHighQuality: Bool) throws -> NetworkWeights {
    let size = try #require(sizes[name])
    let base = try folder("sam_vit_b").weights
    var shapes: [String: [Int]] = [:]
    for key in base.keys where !key.contains(".blocks.") {
      shapes[key] = base.shape(key)?.map { key.hasPrefix("image_encoder.") && $0 == 768 ? size.channels : $0 }
    }
    for block in 0...size.global.last! {
      let like = size.global.contains(block) ? "image_encoder.blocks.2." : "image_encoder.blocks.0."
      for key in base.keys where key.hasPrefix(like) {
        let own = "image_encoder.blocks.\(block)." + key.dropFirst(like.count)
        shapes[own] = base.shape(key)?.map { $0 % 768 == 0 ? $0 / 768 * size.channels : $0 }
        if key.contains("rel_pos") { shapes[own]?[1] = size.channels / size.heads }
      }
    }
    if isHighQuality {
      let light = try folder("light_hq_sam").weights
      for key in light.keys where !key.hasPrefix("image_encoder.") && shapes[key] == nil {
        shapes[key] = light.shape(key)?.map {
          key.contains("compress_vit_feat.0.weight") && $0 == 160 ? size.channels : $0
        }
      }
    }
    return NetworkWeights(
      source: "ViT-\(name)",
      tensors: shapes.mapValues { shape in
        .init(shape: shape) { WeightBuffer([Float](repeating: 0, count: shape.reduce(1, *))) }
      })
  }

  @Test(arguments: ["B", "L", "H"], [false, true])
  func everyTensorIsAskedForAndNoOther(_ name: String, _ isHighQuality: Bool) throws {
    let weights = try Self.weights(name, isHighQuality: isHighQuality)
    let architecture = try SamNetwork.verify(weights)
    #expect(architecture.name == (isHighQuality ? "HQ-SAM" : "SAM") + " ViT-" + name)
    let kind = try #require(ModelKind.recognised(weights))
    #expect(kind.title == architecture.name)
    let (channels, heads) = (Self.sizes[name]!.channels, Self.sizes[name]!.heads)
    guard case .vit(let shape) = architecture.encoder else { throw ParityError("no plain transformer") }
    #expect(shape.channels == channels && shape.heads == heads && shape.window == 14)
    #expect(shape.isGlobal.indices.filter { shape.isGlobal[$0] } == Self.sizes[name]!.global)
  }

  /// Light HQ-SAM's encoder with SAM's decoder; the results are those of its authors' own code, by
  /// Benchmarks/peers/sam_parity.py.
  @Test(.enabled(if: RuntimeHere.runtime != nil, "no ONNX Runtime on this machine: pip install onnxruntime"))
  func mobileSamAgreesWithTheReference() throws {
    let data = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Data/mobile_sam").path
    let folder = try ParityFolder(data)
    #expect(ModelKind.recognised(folder.weights)?.name == "mobile_sam")
    var run = try ParityRun(folder, runtime: try #require(RuntimeHere.runtime), options: SessionOptions(threads: 2))
    for parityCase in folder.cases {
      for result in run.results(of: parityCase) {
        #expect(result.passed, "\(result.caseName)/\(result.output): \(result.error) \(result.note ?? "")")
      }
    }
  }
}
