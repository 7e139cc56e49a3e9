import Foundation
import Testing

/// What a user meets first: the exit code, and where the words go.
struct ExitCodeTests {
  @Test(arguments: [
    ["--help"], ["--version"], ["help", "remove"], ["remove", "--help"], ["segment", "--help"], ["track", "--help"],
    ["inpaint", "--help"], ["evaluate", "--help"], ["evaluate", "video", "--help"], ["demo", "--help"],
    ["info", "--help"], ["doctor", "--help"], ["--generate-completion-script", "bash"],
  ])
  func helpGoesToStandardOutputAndIsNoFailure(_ arguments: [String]) throws {
    let result = try Tool.run(arguments)
    #expect(result.code == 0, "\(result.summary)")
    #expect(!result.out.isEmpty && result.err.isEmpty, "\(result.summary)")
  }

  @Test(arguments: ["remove", "segment", "track", "inpaint", "info", "demo", "doctor", "evaluate"])
  func everyHelpTextHasAnExample(_ command: String) throws {
    let help = try Tool.run([command, "--help"]).out
    #expect(help.contains("  cleanplate \(command)"))
  }

  @Test(arguments: [
    ["remove"], ["remove", "CLIP", "--no-such-flag"], ["no-such-command"],
    ["remove", "CLIP", "--output", "out.mp4"],
    ["remove", "CLIP", "--point", "12", "--output", "out.mp4"],
    ["remove", "CLIP", "--point", "one,two", "--output", "out.mp4"],
    ["remove", "CLIP", "--point", "5000,20", "--output", "out.mp4"],
    ["remove", "CLIP", "--point", "20,20@10", "--output", "out.mp4"],
    ["remove", "CLIP", "--point", "20,20#256", "--output", "out.mp4"],
    ["remove", "CLIP", "--box", "10,10,0,5", "--output", "out.mp4"],
    ["remove", "CLIP", "--point", "20,20", "--range", "3:99", "--output", "out.mp4"],
    ["remove", "CLIP", "--point", "20,20", "--range", "7:3", "--output", "out.mp4"],
    ["remove", "CLIP", "--point", "20,20", "--memory", "1M", "--output", "out.mp4"],
    ["remove", "CLIP", "--point", "20,20", "--memory", "much", "--output", "out.mp4"],
    ["remove", "CLIP", "--point", "20,20", "--threads", "0", "--output", "out.mp4"],
    ["remove", "CLIP", "--point", "20,20", "--inpainter", "magic", "--output", "out.mp4"],
    ["remove", "CLIP", "--point", "20,20", "--codec", "vp9", "--output", "out.avi"],
    ["remove", "CLIP", "--point", "20,20", "--resize", "7", "--output", "out.mp4"],
    ["evaluate", "clicks", "CLIP", "CLIP", "--limit", "0"],
    ["demo", "--size", "3x3"],
  ])
  func wrongUseIsTwoAndOneSentence(_ arguments: [String]) throws {
    let space = try Workspace()
    let clip = try space.clip()
    let result = try Tool.run(arguments.map { $0 == "CLIP" ? clip : $0 }, in: space.path)
    #expect(result.code == 2, "\(result.summary)")
    #expect(result.out.isEmpty && !result.err.isEmpty, "\(result.summary)")
    #expect(space.contents == ["clip.mp4"], "\(space.contents)")
  }

  @Test func aMissingInputIsAnInputOutputFailure() throws {
    let result = try Tool.run("info", "/no/such/clip.mp4")
    #expect(result.code == 74, "\(result.summary)")
    #expect(result.err.contains("/no/such/clip.mp4"))
  }

  @Test func aFileThatIsNoFilmIsBadInput() throws {
    let space = try Workspace()
    try Data("this is not a film\n".utf8).write(to: URL(fileURLWithPath: space.file("note.mp4")))
    let result = try Tool.run("info", space.file("note.mp4"))
    #expect(result.code == 65, "\(result.summary)")
    #expect(result.out.isEmpty)
  }

  @Test func masksThatMarkNothingAreBadInputOrAWarning() throws {
    let space = try Workspace()
    let clip = try space.clip()
    let result = try Tool.run(
      "remove", clip, "--mask", space.file("none.png"), "--output", space.file("out.mp4"))
    #expect(result.code == 74, "\(result.summary)")
    #expect(space.contents == ["clip.mp4"])
  }

  @Test func anOutputThatIsThereStaysWithoutForce() throws {
    let space = try Workspace()
    let clip = try space.clip()
    let masks = try space.masks()
    let out = space.file("out.mkv")
    try Data("precious".utf8).write(to: URL(fileURLWithPath: out))
    let refused = try Tool.run("inpaint", clip, "--masks", masks, "--output", out)
    #expect(refused.code == 2, "\(refused.summary)")
    #expect(refused.err.contains("--force"))
    #expect(FileManager.default.contents(atPath: out) == Data("precious".utf8))
    let forced = try Tool.run("inpaint", clip, "--masks", masks, "--output", out, "--force")
    #expect(forced.code == 0, "\(forced.summary)")
    #expect(FileManager.default.contents(atPath: out) != Data("precious".utf8))
  }

  @Test func theOutputIsNeverTheInput() throws {
    let space = try Workspace()
    let clip = try space.clip()
    let before = FileManager.default.contents(atPath: clip)
    let masks = try space.masks()
    let result = try Tool.run("inpaint", clip, "--masks", masks, "--output", clip, "--force")
    #expect([2, 65].contains(result.code), "\(result.summary)")
    #expect(FileManager.default.contents(atPath: clip) == before)
  }
}
