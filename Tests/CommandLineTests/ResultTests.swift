import Foundation
import Imaging
import TestSupport
import Testing
import VideoIO

/// What the commands leave: files, names, results on stdout.
struct ResultTests {
  private let click: [String] = {
    let box = Workspace.scene.frame(0).objects.boundingBox!
    return ["--box", "\(box.x),\(box.y),\(box.width),\(box.height)"]
  }()

  @Test func removeLeavesTheNamesThatInpainterzUsersKnow() throws {
    let space = try Workspace()
    let clip = try space.clip("street.mp4")
    let result = try Tool.run(["remove", clip] + click + ["--save-masks", "--save-overlay"])
    #expect(result.code == 0, "\(result.summary)")
    let expected = ["street.mp4", "street_inpainting_h264.mp4", "street_pred_mask.zip", "street_seg1.mp4"]
    #expect(space.contents == expected)
    let printed = result.out.split(separator: "\n").map(String.init)
    #expect(Set(printed) == Set(expected.dropFirst().map(space.file)), "\(result.summary)")
    for name in ["street_inpainting_h264.mp4", "street_seg1.mp4"] {
      let info = try MediaSource.open(space.file(name)).info
      #expect(info.frameCount == 10)
      #expect(info.frameRate.value == 24)
      #expect(info.streams.contains { $0.kind == .audio })
    }
  }

  @Test func theOverlayHasACodecOfItsOwn() throws {
    let space = try Workspace()
    let clip = try space.clip("street.mp4")
    let output = space.file("clean.mkv")
    let result = try Tool.run(["remove", clip] + click + ["--output", output, "--codec", "ffv1", "--save-overlay"])
    #expect(result.code == 0, "\(result.summary)")
    #expect(try MediaSource.open(output).info.codec == "ffv1")
    #expect(try MediaSource.open(space.file("street_seg1.mp4")).info.codec == "h264")
  }

  @Test func aJobOutlivesWhoListensToIt() throws {
    let space = try Workspace()
    let (clip, masks, output) = (try space.clip(), try space.masks(), space.file("out.mp4"))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = [
      "-c", "\"$0\" \"$@\" 2>&1 >/dev/null | head -c 1 >/dev/null; exit ${PIPESTATUS[0]}",
      Tool.path, "inpaint", clip, "--masks", masks, "--output", output, "--progress", "json",
    ]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 0)
    #expect(try MediaSource.open(output).info.frameCount == 10)
  }

  @Test func trackFindsObjectsByItselfWhereAsked() throws {
    let space = try Workspace()
    let clip = try space.clip()
    let result = try Tool.run("track", clip, "--sam-gap", "3", "--max-objects", "3", "--output", "m/", in: space.path)
    #expect(result.code == 0, "\(result.summary)")
    let names = try FileManager.default.contentsOfDirectory(atPath: space.file("m"))
    #expect(names.count == 10)
    let first = try MaskSource.open(space.file("m/00000.png"), width: 128, height: 72, frameCount: 1).mask(at: 0)
    #expect((1...3).contains(first.objects.count), "\(first.objects)")
    // A film without everything that was found is nothing to ask for by leaving out a mark.
    #expect(try Tool.run("remove", clip, "--sam-gap", "3", "--output", "o.mp4", in: space.path).code == 2)
  }

  @Test func whatAnOutputCannotHoldIsSaid() throws {
    let space = try Workspace()
    let (clip, masks) = (try space.clip(), try space.masks())
    let result = try Tool.run("inpaint", clip, "--masks", masks, "--output", "frames/", "--report", "r.json", in: space.path)
    #expect(result.code == 0 && result.err.contains("holds no sound"), "\(result.summary)")
    #expect(try String(contentsOfFile: space.file("r.json"), encoding: .utf8).contains("holds no sound"))
  }

  /// A clip whose first masks are empty is not one without marks.
  @Test func onlyMasksThatAllAreEmptyAreWarnedOf() throws {
    let space = try Workspace()
    let (clip, masks) = (try space.clip(), try space.masks())
    let nothing = Mask(width: 128, height: 72)
    for index in 0..<3 { try MaskFile.write(nothing, to: masks + "/0000\(index).png") }
    let some = try Tool.run("inpaint", clip, "--masks", masks, "--output", "a.mkv", in: space.path)
    #expect(some.code == 0 && !some.err.contains("mark"), "\(some.summary)")
    for index in 3..<10 { try MaskFile.write(nothing, to: masks + "/0000\(index).png") }
    let none = try Tool.run("inpaint", clip, "--masks", masks, "--output", "b.mkv", in: space.path)
    #expect(none.code == 0 && none.err.contains("none of the 10 masks marks anything"), "\(none.summary)")
  }

  @Test func standardOutputIsTheReportAndNothingElse() throws {
    let space = try Workspace()
    let clip = try space.clip()
    let result = try Tool.run(
      ["remove", clip] + click + ["--output", space.file("out.mkv"), "--json", "--report", space.file("report.json")])
    #expect(result.code == 0, "\(result.summary)")
    let report = try JSONSerialization.jsonObject(with: Data(result.out.utf8)) as? [String: Any]
    let frames = report?["frames"] as? [[String: Any]]
    #expect(frames?.count == 10)
    #expect((report?["peakMemory"] as? Int ?? 0) > 1 << 20)
    let file = try Data(contentsOf: URL(fileURLWithPath: space.file("report.json")))
    #expect(String(decoding: file, as: UTF8.self) == result.out.trimmingCharacters(in: .newlines))
  }

  @Test func progressForProgramsIsJSONLinesOnStandardError() throws {
    let space = try Workspace()
    let clip = try space.clip()
    let masks = try space.masks()
    let result = try Tool.run(
      "inpaint", clip, "--masks", masks, "--output", space.file("out.mp4"), "--progress", "json")
    #expect(result.code == 0, "\(result.summary)")
    let lines = result.err.split(separator: "\n").filter { $0.hasPrefix("{") }
    #expect(lines.count >= 2)
    for line in lines {
      let entry = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      #expect(entry?["stage"] is String)
    }
    let quiet = try Tool.run(
      "inpaint", clip, "--masks", masks, "--output", space.file("quiet.mp4"), "--progress", "none")
    #expect(!quiet.err.contains("{"))
  }

  @Test func trackWritesAMapForEachFrameAndInpaintTakesThem() throws {
    let space = try Workspace()
    let clip = try space.clip()
    let track = try Tool.run(["track", clip] + click + ["--output", space.file("maps/")])
    #expect(track.code == 0, "\(track.summary)")
    let maps = try FileManager.default.contentsOfDirectory(atPath: space.file("maps")).sorted()
    #expect(maps.count == 10 && maps.first == "00000.png", "\(maps)")
    let fill = try Tool.run("inpaint", clip, "--masks", space.file("maps"), "--output", space.file("clean/"))
    #expect(fill.code == 0, "\(fill.summary)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: space.file("clean")).count == 10)
  }

  @Test func segmentWritesALabelMapAndAPreview() throws {
    let space = try Workspace()
    let clip = try space.clip()
    let result = try Tool.run(
      ["segment", clip] + click + ["--output", space.file("mask.png"), "--preview", space.file("tinted.png"), "--json"])
    #expect(result.code == 0, "\(result.summary)")
    let mask = try MaskFile.read(space.file("mask.png"))
    #expect(mask.width == 128 && mask.height == 72)
    #expect(mask.objects == [1])
    #expect(FileManager.default.fileExists(atPath: space.file("tinted.png")))
    #expect(try JSONSerialization.jsonObject(with: Data(result.out.utf8)) is [String: Any])
  }

  @Test func segmentWritesAllCandidates() throws {
    let space = try Workspace()
    let clip = try space.clip()
    let common = ["segment", clip] + click + ["--force", "--output", space.file("mask.png")]
    let result = try Tool.run(common + ["--candidates", space.file("all")])
    #expect(result.code == 0, "\(result.summary)")
    #expect(try MaskFile.read(space.file("all/object1-candidate1.png")) == MaskFile.read(space.file("mask.png")))
    let refused = try Tool.run(common + ["--candidate", "99"])
    #expect(refused.code == 2, "\(refused.summary)")
  }

  @Test func segmentFindsObjectsByItself() throws {
    let space = try Workspace()
    let clip = try space.clip()
    let common = ["segment", clip, "--auto", "--frame", "2", "--force", "--output", space.file("objects.png")]
    let result = try Tool.run(common + ["--max-objects", "3"])
    #expect(result.code == 0, "\(result.summary)")
    let objects = try MaskFile.read(space.file("objects.png")).objects
    #expect(!objects.isEmpty && objects.allSatisfy { $0 <= 3 })
    for refused in [["--max-objects", "256"], ["--points-per-side", "0"], ["--frame", "99"]] {
      #expect(try Tool.run(common + refused).code == 2, "\(refused)")
    }
  }

  @Test func aRangeKeepsItsFramesOnly() throws {
    let space = try Workspace()
    let clip = try space.clip()
    let masks = try space.masks()
    let result = try Tool.run(
      "inpaint", clip, "--masks", masks, "--range", "2:6", "--output", space.file("part.mp4"))
    #expect(result.code == 0, "\(result.summary)")
    #expect(try MediaSource.open(space.file("part.mp4")).info.frameCount == 5)
  }

  @Test func threadsDoNotChangeTheBytes() throws {
    let space = try Workspace()
    let clip = try space.clip()
    for threads in ["1", "3"] {
      let result = try Tool.run(
        ["remove", clip] + click + ["--output", space.file("\(threads).mkv"), "--codec", "ffv1", "--threads", threads])
      #expect(result.code == 0, "\(result.summary)")
    }
    #expect(
      FileManager.default.contents(atPath: space.file("1.mkv"))
        == FileManager.default.contents(atPath: space.file("3.mkv")))
  }

  @Test func infoForetellsMemory() throws {
    let space = try Workspace()
    let result = try Tool.run("info", try space.clip(), "--json")
    #expect(result.code == 0, "\(result.summary)")
    let answer = try JSONSerialization.jsonObject(with: Data(result.out.utf8)) as? [String: Any]
    #expect((answer?["media"] as? [String: Any])?["frameCount"] as? Int == 10)
    #expect(answer?["fits"] as? Bool == true)
    #expect((answer?["needs"] as? Int ?? 0) > 1 << 20)
  }

  @Test func doctorNamesVersionsAndCodecs() throws {
    let result = try Tool.run("doctor", "--json")
    #expect(result.code == 0, "\(result.summary)")
    let answer = try JSONSerialization.jsonObject(with: Data(result.out.utf8)) as? [String: Any]
    let ffmpeg = answer?["ffmpeg"] as? [String: Any]
    #expect((ffmpeg?["libraries"] as? [String: String])?["libavcodec"]?.isEmpty == false)
    #expect(["baseline", "avx2", "avx512"].contains(answer?["cpuLevel"] as? String))
    #expect((answer?["cores"] as? Int ?? 0) > 0)
    #expect(try Tool.run("doctor").out.contains("H.264"))
  }

  @Test func theDemoScoresItselfAboveASmoothFill() throws {
    let space = try Workspace()
    let result = try Tool.run("demo", "--size", "192x108", "--frames", "16", "--output", space.file("demo"), "--json")
    #expect(result.code == 0, "\(result.summary)")
    let answer = try JSONSerialization.jsonObject(with: Data(result.out.utf8)) as? [String: Any]
    let scores = answer?["scores"] as? [String: Any]
    let hole = { (name: String) in (scores?[name] as? [String: Any])?["hole_psnr"] as? Double ?? 0 }
    #expect(hole("cleanplate") > hole("untouched"))
    for name in ["before.mp4", "after.mkv", "before-after.mp4", "before-after.png"] {
      #expect(FileManager.default.fileExists(atPath: space.file("demo/" + name)), "\(name)")
    }
    let again = try Tool.run("demo", "--size", "192x108", "--frames", "16", "--output", space.file("demo"))
    #expect(again.code == 2, "\(again.summary)")
  }
}
