import Foundation
import Testing

@testable import ObjectRemoval

@Suite final class WorkFolderTests {
  let root = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path

  init() throws { try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true) }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  @Test func resultsOfTheSameManifestAreKept() throws {
    let output = root + "/out.mp4"
    do {
      let work = try WorkFolder(besides: output)
      let stage = try work.stage("scan", manifest: ["size": 1], resumes: true)
      try stage.write([1, 2, 3], as: "found.json")
    }
    let work = try WorkFolder(besides: output)
    #expect(try work.stage("scan", manifest: ["size": 1], resumes: true).value([Int].self, "found.json") == [1, 2, 3])
    #expect(try work.stage("scan", manifest: ["size": 2], resumes: true).value([Int].self, "found.json") == nil)
  }

  @Test func withoutResumeNothingIsKept() throws {
    let work = try WorkFolder(besides: root + "/out.mp4")
    try work.stage("scan", manifest: ["size": 1], resumes: true).write([1], as: "found.json")
    #expect(try !work.stage("scan", manifest: ["size": 1], resumes: false).has("found.json"))
  }

  @Test func aSecondRunIsRefused() throws {
    let work = try WorkFolder(besides: root + "/out.mp4")
    #expect {
      try WorkFolder(besides: root + "/out.mp4")
    } throws: {
      ($0 as? RemovalError)?.code == .busy
    }
    withExtendedLifetime(work) {}
  }

  @Test func aMissingFolderIsNamed() {
    #expect {
      try WorkFolder(besides: root + "/nowhere/out.mp4")
    } throws: {
      ($0 as? RemovalError)?.code == .workFolder && "\($0)".contains("nowhere")
    }
  }

  @Test func foldersAndFilesHaveDistinctPlaces() {
    #expect(WorkFolder.path(besides: "/a/masks/") == "/a/.masks.cleanplate")
    #expect(WorkFolder.path(besides: "/a/out.mp4") == "/a/.out.mp4.cleanplate")
  }
}
