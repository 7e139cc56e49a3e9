import Foundation
import Testing

/// Clips that come through pipes: read once, and told from each other.
struct PipeTests {
  @Test(arguments: [["inpaint", "-", "--masks", "masks"], ["remove", "-", "--box", "40,20,30,30"]])
  func standardInputGivesWhatTheFileGives(_ arguments: [String]) throws {
    let space = try Workspace()
    let clip = try space.clip()
    _ = try space.masks()
    let piped = try Self.shell("cat \"$0\" | \"$@\"", [clip, Tool.path] + arguments + ["--output", "piped.mkv"], space)
    #expect(piped == 0)
    let direct = try Tool.run(
      [arguments[0], clip] + arguments.dropFirst(2) + ["--output", "direct.mkv"], in: space.path)
    #expect(direct.code == 0, "\(direct.summary)")
    #expect(FileManager.default.contentsEqual(atPath: space.file("piped.mkv"), andPath: space.file("direct.mkv")))
  }

  /// A pipe has no name of its own: what was kept of one clip must not go into another.
  @Test func workOnOnePipeIsNotTakenForWorkOnAnother() throws {
    let space = try Workspace()
    let clip = try space.clip()
    let run = ["remove", "-", "--box", "40,20,30,30", "--work", "w", "--codec", "ffv1", "--output"]
    let script = "cat \"$0\" | \"$@\""
    #expect(try Self.shell(script, [clip, Tool.path] + run + ["first.mkv"], space) == 0)
    let other = try Tool.run("inpaint", clip, "--masks", space.masks(), "--output", "other.mkv", in: space.path)
    #expect(other.code == 0, "\(other.summary)")
    #expect(try Self.shell(script, [space.file("other.mkv"), Tool.path] + run + ["second.mkv"], space) == 0)
    let fresh = ["remove", "other.mkv", "--box", "40,20,30,30", "--codec", "ffv1", "--output", "fresh.mkv"]
    #expect(try Tool.run(fresh, in: space.path).code == 0)
    #expect(FileManager.default.contentsEqual(atPath: space.file("second.mkv"), andPath: space.file("fresh.mkv")))
  }

  @Test(.timeLimit(.minutes(2))) func aNamedPipeIsReadOnce() throws {
    let space = try Workspace()
    let clip = try space.clip()
    #expect(mkfifo(space.file("pipe"), 0o600) == 0)
    let arguments = [clip, Tool.path, "inpaint", "pipe", "--masks", try space.masks(), "--output", "o.mkv"]
    #expect(try Self.shell("cat \"$0\" > pipe & exec \"$@\"", arguments, space) == 0)
  }

  private static func shell(_ script: String, _ arguments: [String], _ space: Workspace) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", script] + arguments
    process.currentDirectoryURL = URL(fileURLWithPath: space.path)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
  }
}
