import Foundation
import NeuralRuntime
import TestSupport
import Testing

@testable import NetworkParity

/// Every network of shared/parity against the reference's results.
@Suite(
  .serialized,
  .enabled(if: SharedClips.isAvailable, "no shared parity data"),
  .enabled(if: RuntimeHere.runtime != nil, "no ONNX Runtime on this machine: pip install onnxruntime"))
struct ParityTests {
  private static let folders = ParityFolder.networks(in: SharedClips.path("parity") ?? "")
    .map { URL(fileURLWithPath: $0).lastPathComponent }

  @Test func theWholeOfTheDataIsThere() {
    #expect(Self.folders.count >= 8 && Self.folders.allSatisfy { ParityNetworks.all[$0] != nil })
  }

  @Test(arguments: folders) func agreesWithTheReference(_ name: String) throws {
    let folder = try ParityFolder(try #require(SharedClips.path("parity/" + name)))
    var run = try ParityRun(folder, runtime: try #require(RuntimeHere.runtime), options: SessionOptions(threads: 2))
    for parityCase in folder.cases {
      for result in run.results(of: parityCase) {
        #expect(result.passed, "\(name)/\(result.caseName)/\(result.output): \(result.error) \(result.note ?? "")")
      }
    }
  }
}

struct FormulaTests {
  /// The check values of the format's README.
  @Test func theStreamIsTheReadmes() {
    #expect(FormulaStream.seed("a") == 0xaf63_dc4c_8601_ec8c)
    #expect(FormulaStream.seed("prüfung") == 0x5351_2618_0029_69b2)
    var first = [Float](repeating: 0, count: 3)
    first.withUnsafeMutableBufferPointer { FormulaStream.fill($0, key: "a", scale: 1, offset: 0) }
    #expect(first == [-0.25653815269470215, 0.9962445497512817, 0.9842129945755005])
    first.withUnsafeMutableBufferPointer {
      FormulaStream.fill($0, key: "image_encoder.pos_embed", scale: 0.6, offset: 0)
    }
    #expect(first == [0.05149869993329048, 0.3528490364551544, 0.35907018184661865])
  }
}

enum RuntimeHere {
  static let runtime = try? NeuralRuntime()
}
