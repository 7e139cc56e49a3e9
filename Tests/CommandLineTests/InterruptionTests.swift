import Foundation
import Imaging
import TestSupport
import Testing

/// A run may end at any moment: the next one goes on and leaves the same bytes.
@Suite(.serialized)
struct InterruptionTests {
  private func arguments(_ space: Workspace, _ output: String) -> [String] {
    let box = Workspace.scene.frame(0).objects.boundingBox!
    return [
      "remove", space.file("clip.mp4"), "--box", "\(box.x),\(box.y),\(box.width),\(box.height)", "--output",
      space.file(output), "--masks-output", space.file(output + ".zip"), "--progress", "json",
    ]
  }

  @Test func killsAtRandomMomentsLeaveTheSameBytes() throws {
    let space = try Workspace()
    _ = try space.clip()
    let started = ContinuousClock.now
    let whole = try Tool.run(arguments(space, "whole.mkv"))
    let length = (ContinuousClock.now - started) / .milliseconds(1)
    #expect(whole.code == 0, "\(whole.summary)")
    let expected = try #require(FileManager.default.contents(atPath: space.file("whole.mkv")))
    var random = SplitMix64(seed: 11)
    var kills = 0
    for run in 0..<(TestScale.isQuick ? 4 : 20) {
      let output = "killed\(run).mkv"
      let moment = Double.random(in: 0..<length * 0.95, using: &random)
      let process = try Tool.start(arguments(space, output))
      usleep(UInt32(moment * 1000))
      process.send(SIGKILL)
      if try process.wait().code == 128 + SIGKILL {
        kills += 1
        // What stands under the final name, the moment before the end, is whole.
        let early = FileManager.default.contents(atPath: space.file(output))
        #expect(early == nil || early == expected)
      }
      let resumed = try Tool.run(arguments(space, output) + ["--force"] + (kills % 2 == 0 ? [] : ["--threads", "1"]))
      #expect(resumed.code == 0, "killed after \(moment) ms: \(resumed.summary)")
      #expect(FileManager.default.contents(atPath: space.file(output)) == expected, "killed after \(moment) ms")
    }
    #expect(kills > 0)
    #expect(space.contents.allSatisfy { $0 == "clip.mp4" || $0.hasSuffix(".mkv") || $0.hasSuffix(".zip") })
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func anInterruptLeavesAResumableState(_ signal: Int32) throws {
    let space = try Workspace()
    let scene = SyntheticScene(width: 128, height: 72, frameCount: 40, seed: 2)
    try scene.write(to: space.file("clip.mp4"))
    let process = try Tool.start(arguments(space, "out.mkv"))
    try waitForFill(process)
    process.send(signal)
    let cancelled = try process.wait()
    #expect(cancelled.code == 130, "\(cancelled.summary)")
    #expect(cancelled.err.contains("cancelled"))
    #expect(!space.contents.contains("out.mkv"))
    let resumed = try Tool.run(arguments(space, "out.mkv"))
    #expect(resumed.code == 0, "\(resumed.summary)")
    #expect(resumed.err.contains("interrupted run"), "\(resumed.summary)")
    let whole = try Tool.run(arguments(space, "whole.mkv"))
    #expect(whole.code == 0)
    #expect(
      FileManager.default.contents(atPath: space.file("out.mkv"))
        == FileManager.default.contents(atPath: space.file("whole.mkv")))
  }

  /// Waits until masks were tracked, so that there is something to go on from.
  private func waitForFill(_ process: Tool.Running) throws {
    for _ in 0..<600 where process.isRunning {
      if process.errorSoFar.contains("\"stage\":\"fill\"") { return }
      usleep(20_000)
    }
  }
}
