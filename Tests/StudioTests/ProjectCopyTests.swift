import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Studio

@Suite(.serialized)
final class ProjectCopyTests {
  private let data: DataFolder

  init() throws {
    data = try DataFolder(FileManager.default.temporaryDirectory.path + "/studio-copy-\(UUID().uuidString)")
  }

  deinit { try? FileManager.default.removeItem(atPath: data.path) }

  /// Files come under other names and are renamed, whole folders too, as jobs and sessions do it all the time.
  @Test func aFolderIsCopiedWhileOthersWriteInIt() throws {
    let folder = data.project("original")
    try folder.make()
    try Data("the clip".utf8).write(to: URL(fileURLWithPath: folder.source))
    let isOver = Atomic(false)
    let writer = DispatchGroup()
    writer.enter()
    Thread.detachNewThread {
      var round = 0
      while !isOver.load(ordering: .relaxed) {
        round += 1
        try? Data("\(round)".utf8).write(to: URL(fileURLWithPath: folder.thumbnail(round % 40)), options: .atomic)
        let work = folder.thumbnails + "/stage"
        try? FileManager.default.createDirectory(atPath: work, withIntermediateDirectories: false)
        for name in 0..<8 { try? Data("x".utf8).write(to: URL(fileURLWithPath: work + "/\(name).partial")) }
        try? FileManager.default.removeItem(atPath: work)
      }
      writer.leave()
    }
    defer {
      isOver.store(true, ordering: .relaxed)
      writer.wait()
    }
    for round in 0..<300 {
      let copy = data.project("copy\(round)")
      try folder.duplicate(to: copy)
      #expect(FileManager.default.contents(atPath: copy.source) == Data("the clip".utf8))
      let names = try FileManager.default.subpathsOfDirectory(atPath: copy.path)
      #expect(!names.contains { $0.hasSuffix(".partial") || $0.contains("/.") }, "\(names)")
    }
  }

  @Test func aCopyOutlivesItsOriginalAndIsChangedAlone() throws {
    let (folder, copy) = (data.project("original"), data.project("copy"))
    try folder.make()
    let report = Data("one".utf8)
    try report.write(to: URL(fileURLWithPath: folder.trackReport), options: .atomic)
    try folder.duplicate(to: copy)
    try Data("two".utf8).write(to: URL(fileURLWithPath: folder.trackReport), options: .atomic)
    #expect(FileManager.default.contents(atPath: copy.trackReport) == report)
    try FileManager.default.removeItem(atPath: folder.path)
    #expect(FileManager.default.contents(atPath: copy.trackReport) == report)
  }

  /// The copy has a look through the clip of its own.
  @Test func aProjectIsCopiedWhileItsClipIsLookedThrough() throws {
    let server = try StudioServer()
    let project = try server.project(of: RenderedClip.longPath.get())
    let copy = try server.post("/api/v1/projects/\(project)/duplicate")
    #expect(copy.status == 201)
    let id = try #require(copy.json(Anything.self)["id"].text)
    for project in [project, id] {
      let jobs = try server.get("/api/v1/projects/\(project)").json(Anything.self)["jobs"].list
      for job in jobs { #expect(try server.wait(#require(job["id"].text))["state"].text == "done") }
      #expect(try server.get("/api/v1/projects/\(project)/video/source.mp4").status == 200)
    }
  }
}
