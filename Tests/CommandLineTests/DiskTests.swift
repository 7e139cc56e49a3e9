import Foundation
import TestSupport
import Testing

/// Disks that are full, and folders that cannot be written.
struct DiskTests {
  @Test func aFolderThatCannotBeWrittenIsSaidBeforeTheWork() throws {
    let space = try Workspace()
    let clip = try space.clip()
    let masks = try space.masks()
    let result = try Tool.run("inpaint", clip, "--masks", masks, "--output", "/proc/no-such-place/out.mp4")
    #expect(result.code == 74, "\(result.summary)")
    #expect(result.err.contains("/proc/no-such-place"))
    #expect(space.contents == ["clip.mp4", "masks"])
  }

  @Test(.enabled(if: SmallDisk.isPossible, "needs root and the right to mount a tmpfs"))
  func aReadOnlyFolderIsAnInputOutputFailure() throws {
    let space = try Workspace()
    let masks = try space.masks()
    let clip = try space.clip()
    let disk = try SmallDisk(in: space, kilobytes: 512, isReadOnly: true)
    let result = try Tool.run("inpaint", clip, "--masks", masks, "--output", disk.path + "/out.mp4")
    #expect(result.code == 74, "\(result.summary)")
    #expect(result.out.isEmpty)
  }

  @Test(.enabled(if: SmallDisk.isPossible, "needs root and the right to mount a tmpfs"), arguments: [8, 48, 96])
  func aFullDiskLeavesNothingUnderTheFinalName(_ kilobytes: Int) throws {
    let space = try Workspace()
    let scene = SyntheticScene(width: 256, height: 144, frameCount: 20, seed: 4, options: .with { $0.noise = 12 })
    try scene.write(to: space.file("clip.mp4"))
    let masks = try space.masks("masks", of: scene)
    let disk = try SmallDisk(in: space, kilobytes: kilobytes)
    let result = try Tool.run("inpaint", space.file("clip.mp4"), "--masks", masks, "--output", disk.path + "/out.mkv")
    #expect(result.code == 74, "\(result.summary)")
    #expect(result.out.isEmpty)
    #expect(!FileManager.default.fileExists(atPath: disk.path + "/out.mkv"))
  }
}

/// A tmpfs of a few kilobytes, unmounted when it goes.
private final class SmallDisk {
  struct NotMounted: Error {}

  let path: String
  /// Goes after the disk: what is mounted in it cannot be removed.
  private let space: Workspace

  static let isPossible: Bool = {
    guard getuid() == 0, let space = try? Workspace() else { return false }
    return (try? SmallDisk(in: space, kilobytes: 16)) != nil
  }()

  init(in space: Workspace, kilobytes: Int, isReadOnly: Bool = false) throws {
    self.space = space
    path = space.file("disk")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let options = "size=\(kilobytes)k" + (isReadOnly ? ",ro" : "")
    guard Self.succeeds("mount", "-t", "tmpfs", "-o", options, "tmpfs", path) else { throw NotMounted() }
  }

  deinit { _ = Self.succeeds("umount", "-l", path) }

  private static func succeeds(_ arguments: String...) -> Bool {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}
