import Foundation
import NetworkParity
import NeuralGraph
import TestSupport
import Testing
import VideoIO

@testable import ModelLibrary

/// Adding, finding and forgetting models, with weights from the formula.
@Suite(.serialized, .enabled(if: SharedClips.isAvailable, "no shared parity data"))
struct ModelRegistryTests {
  private let folder = FileManager.default.temporaryDirectory.path + "/models-\(UUID().uuidString)"
  private var registry: ModelRegistry { ModelRegistry(folder: folder) }

  private func weights(_ network: String) throws -> String {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let file = folder + "/\(network).anything"
    try ParityFolder(try #require(SharedClips.path("parity/" + network))).writeWeights(to: file)
    return file
  }

  @Test func aFileIsKnownByItsKeysAndForgottenByName() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let file = try weights("light_hq_sam")
    let entry = try registry.add(file)
    #expect(entry.model == "sam_hq_vit_tiny")
    #expect(entry.kind?.engine == "light-hq-sam")
    #expect(try entry.sha256 == ContentHash.sha256(file: file))
    #expect(try registry.add(file) == entry)
    #expect(try registry.entries() == [entry])
    #expect(try registry.weights(engine: "light-hq-sam", files: []).path == file)
    #expect(throws: ModelError.self) { try registry.weights(engine: "sam", files: [file]) }
    #expect(try registry.remove("sam_hq_vit_tiny") == [entry])
    #expect(try registry.entries().isEmpty)
    #expect(FileManager.default.fileExists(atPath: file))
    #expect(throws: ModelError.self) { try registry.remove("sam_hq_vit_tiny") }
  }

  @Test func otherFilesAreRefused() throws {
    let other = try #require(SharedClips.path("parity/checkpoints/zip_state_dict.pth"))
    let error = #expect(throws: ModelError.self) { try registry.add(other) }
    #expect(error?.code == .notRecognised)
    let hostile = try #require(SharedClips.path("parity/checkpoints/hostile_reduce_zip.pth"))
    #expect(throws: CheckpointError.self) { try registry.add(hostile) }
    #expect(throws: CheckpointError.self) { try registry.add("/nowhere.pth") }
  }

  @Test func aDamagedRegistryIsSaid() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data("{".utf8).write(to: URL(fileURLWithPath: folder + "/models.json"))
    #expect(throws: ModelError.self) { try registry.entries() }
  }

  @Test func missingWeightsSayHowToGetThem() {
    let error = #expect(throws: ModelError.self) { try registry.weights(engine: "sam", files: []) }
    #expect(error?.context.contains("models add") == true)
  }

  @Test func everyKindIsNamedOnce() {
    #expect(Set(ModelKind.all.map(\.name)).count == ModelKind.all.count)
  }
}
