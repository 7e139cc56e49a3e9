import Foundation
import Testing

/// What is there stays: inputs under any name, other outputs, reports and work folders of somebody else.
struct OutputNameTests {
  private let box = ["--box", "40,20,30,30"]

  /// Runs with `CLIP` in place of the small clip and expects it untouched.
  private func refused(_ arguments: [String], code: Int32 = 2, leaves: [String] = ["clip.mp4"]) throws {
    let space = try Workspace()
    let clip = try space.clip()
    let before = FileManager.default.contents(atPath: clip)
    let result = try Tool.run(arguments.map { $0 == "CLIP" ? clip : $0 }, in: space.path)
    #expect(result.code == code, "\(arguments): \(result.summary)")
    #expect(FileManager.default.contents(atPath: clip) == before, "\(arguments)")
    #expect(space.contents == leaves, "\(arguments): \(space.contents)")
  }

  @Test func noOutputIsTheInput() throws {
    try refused(["track", "CLIP"] + box + ["--output", "clip.mp4", "--force"])
    try refused(["remove", "CLIP"] + box + ["--output", "q.mp4", "--masks-output", "./clip.mp4", "--force"])
    try refused(["track", "CLIP"] + box + ["--output", "m.zip", "--overlay", "clip.mp4", "--force"])
    try refused(["track", "CLIP"] + box + ["--output", "m.zip", "--report", "clip.mp4", "--force"])
    try refused(["segment", "CLIP"] + box + ["--output", "clip.mp4", "--force"])
  }

  @Test func noOutputIsAnother() throws {
    try refused(["remove", "CLIP"] + box + ["--output", "a.mp4", "--masks-output", "a.mp4", "--force"])
    try refused(["remove", "CLIP"] + box + ["--output", "a.mp4", "--report", "./a.mp4", "--force"])
    try refused(["segment", "CLIP"] + box + ["--output", "a.png", "--preview", "a.png"])
    try refused(["track", "CLIP"] + box + ["--output", "w/masks/", "--work", "w"])
  }

  @Test func aReportThatCannotBeWrittenIsKnownBefore() throws {
    try refused(["track", "CLIP"] + box + ["--output", "m.zip", "--report", "none/r.json"], code: 74)
    let space = try Workspace()
    let clip = try space.clip()
    try Data("precious".utf8).write(to: URL(fileURLWithPath: space.file("r.json")))
    let arguments = ["track", clip] + box + ["--output", "m.zip", "--report", "r.json"]
    let result = try Tool.run(arguments, in: space.path)
    #expect(result.code == 2 && result.err.contains("r.json"), "\(result.summary)")
    #expect(FileManager.default.contents(atPath: space.file("r.json")) == Data("precious".utf8))
    #expect(space.contents == ["clip.mp4", "r.json"])
    let forced = try Tool.run(arguments + ["--force"], in: space.path)
    #expect(forced.code == 0, "\(forced.summary)")
    let report = try #require(FileManager.default.contents(atPath: space.file("r.json")))
    #expect(try JSONSerialization.jsonObject(with: report) is [String: Any])
  }

  /// Frames and masks that a person drew are inputs too.
  @Test func masksAndFramesThatAreReadStay() throws {
    let space = try Workspace()
    let clip = try space.clip()
    let masks = try space.masks()
    let first = FileManager.default.contents(atPath: masks + "/00000.png")
    for arguments in [
      ["track", clip, "--mask", "masks/00000.png", "--output", "masks/", "--force"],
      ["inpaint", clip, "--masks", "masks", "--output", "masks/", "--force"],
      ["segment", clip, "--mask", "masks/00000.png", "--output", "masks/00000.png", "--force"],
      ["segment", "masks"] + box + ["--output", "masks/00001.png", "--force"],
    ] {
      let result = try Tool.run(arguments, in: space.path)
      #expect(result.code == 2, "\(arguments): \(result.summary)")
    }
    #expect(FileManager.default.contents(atPath: masks + "/00000.png") == first)
    #expect(space.contents == ["clip.mp4", "masks"])
  }

  @Test func aFolderOfSomebodyElseIsNoWorkFolder() throws {
    let space = try Workspace()
    let clip = try space.clip()
    let own = space.file("w/track/mine.txt")
    try FileManager.default.createDirectory(atPath: space.file("w/track"), withIntermediateDirectories: true)
    try Data("precious".utf8).write(to: URL(fileURLWithPath: own))
    let result = try Tool.run(["track", clip] + box + ["--output", "m.zip", "--work", "w"], in: space.path)
    #expect(result.code == 74 && result.err.contains("w/track"), "\(result.summary)")
    #expect(FileManager.default.contents(atPath: own) == Data("precious".utf8))
  }

  @Test(arguments: [
    ["--quality=-3"], ["--preset", "bogus"], ["--weights", "none.pth"], ["--max-duration", "nan"], ["--output", "o.xyz"],
    ["--output", ""], ["--box", "10,10,-5,5"],
  ])
  func whatMeansNothingIsRefused(_ more: [String]) throws {
    let output = more[0] == "--output" ? [] : ["--output", "o.mp4"]
    try refused(["remove", "CLIP"] + box + output + more)
  }

  @Test(arguments: [
    (#"{"prompts":[{"point":[10.5,10]}]}"#, "whole"), (#"{"prompts":[{"point":[10,10],"objekt":2}]}"#, "objekt"),
    (#"{"prompts":[{"point":"a"}]}"#, "prompts[0].point"), (#"{"prompts":[{"scribble":[]}]}"#, "prompt 0"),
    (#"{"prompts":[{"mask":""}]}"#, "prompt 0"), ("[", "no valid JSON"), ("{}", "\"prompts\""),
  ])
  func promptFilesSayWhatIsWrong(_ text: String, _ word: String) throws {
    let space = try Workspace()
    let clip = try space.clip()
    try Data(text.utf8).write(to: URL(fileURLWithPath: space.file("p.json")))
    let result = try Tool.run("track", clip, "--prompts", "p.json", "--output", "m.zip", in: space.path)
    #expect(result.code == 2, "\(result.summary)")
    #expect(result.err.contains("p.json") && result.err.contains(word), "\(result.summary)")
    #expect(!result.err.contains("Error Domain") && !result.err.contains("DecodingError"), "\(result.summary)")
  }

  @Test func twoMarksOfTheSamePixelsAreRefused() throws {
    try refused(
      ["track", "CLIP", "--box", "40,20,30,30", "--box", "40,20,30,30#2", "--output", "m.zip"], code: 65)
  }
}
