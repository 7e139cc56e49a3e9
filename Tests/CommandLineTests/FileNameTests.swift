import Foundation
import Testing
import VideoIO

/// Names that break careless programs.
struct FileNameTests {
  @Test(arguments: [
    "with spaces.mp4", "it's \"quoted\".mp4", "line\nbreak.mp4", "-leading-dash.mp4", "%05d.mp4", "naïve–файл 🎬.mp4",
    "semi;colon&amp|pipe.mp4", "pipe:1.mp4", "file:odd.mp4", "$(touch hacked).mp4", "back\\slash.mp4", ".hidden.mp4",
  ])
  func anyNameIsOnlyAName(_ name: String) throws {
    let space = try Workspace()
    _ = try space.clip(name)
    let masks = try space.masks("masks")
    let result = try Tool.run(
      ["inpaint", "--masks", masks, "--output", "./out " + name, "--", name], in: space.path)
    #expect(result.code == 0, "\(result.summary)")
    #expect(space.contents == [name, "masks", "out " + name].sorted(), "\(space.contents)")
    #expect(try MediaSource.open(space.file("out " + name)).info.frameCount == 10)
  }

  /// As long as file systems take them: what is made beside has names of its own.
  @Test(arguments: [String(repeating: "x", count: 251), String(repeating: "你", count: 83)])
  func longNames(_ stem: String) throws {
    let space = try Workspace()
    let clip = try space.clip()
    let masks = try space.masks()
    let result = try Tool.run("inpaint", clip, "--masks", masks, "--output", stem + ".mkv", in: space.path)
    #expect(result.code == 0, "\(result.summary)")
    #expect(space.contents == ["clip.mp4", "masks", stem + ".mkv"].sorted())
  }
}
