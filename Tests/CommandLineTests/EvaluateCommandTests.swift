import Foundation
import Imaging
import TestSupport
import Testing
import VideoIO

/// `evaluate` prints what the reference script prints, on the same files.
struct EvaluateCommandTests {
  private let scene = SyntheticScene(width: 160, height: 96, frameCount: 7, seed: 6)

  private func folders(_ space: Workspace) throws {
    try scene.write(.cleanPlate, to: space.file("truth/"), format: PixelFormat(.rgb))
    try scene.write(.image, to: space.file("output/"), format: PixelFormat(.rgb))
    _ = try space.masks("masks", of: scene)
    let shifted = SyntheticScene(width: 160, height: 96, frameCount: 7, seed: 7)
    _ = try space.masks("guess", of: shifted)
  }

  @Test(.enabled(if: Script.isAvailable, "needs ../shared/tools/evaluate.py and python3 with OpenCV"))
  func scoresAgreeWithTheReferenceScript() throws {
    let space = try Workspace()
    try folders(space)
    for arguments in [
      ["video", space.file("truth"), space.file("output"), "--masks", space.file("masks")],
      ["video", space.file("truth"), space.file("output")],
      ["masks", space.file("masks"), space.file("guess")],
    ] {
      let theirs = try Script.run(arguments)
      let result = try Tool.run(["evaluate"] + arguments + ["--json"])
      #expect(result.code == 0, "\(result.summary)")
      let ours = try JSONDecoder().decode([String: Double?].self, from: Data(result.out.utf8))
      #expect(Set(ours.keys) == Set(theirs.keys))
      for (name, value) in theirs {
        let ourValue = ours[name] ?? nil
        #expect((value == nil) == (ourValue == nil), "\(name)")
        if let value, let ourValue { #expect(abs(value - ourValue) < 1.01e-4, "\(name): \(value), \(ourValue)") }
      }
    }
  }

  @Test func textHasALineForEachScore() throws {
    let space = try Workspace()
    try folders(space)
    let result = try Tool.run("evaluate", "masks", space.file("masks"), space.file("masks"))
    #expect(result.code == 0, "\(result.summary)")
    #expect(result.out == "frames      6\nJ           1\nF           1\nJ&F         1\nJ_decay     0.0000\n")
  }

  @Test func framesMustBeAsMany() throws {
    let space = try Workspace()
    try folders(space)
    try FileManager.default.removeItem(atPath: space.file("output/00006.png"))
    let result = try Tool.run("evaluate", "video", space.file("truth"), space.file("output"))
    #expect(result.code == 65, "\(result.summary)")
    #expect(result.err.contains("7") && result.err.contains("6"))
  }

  @Test func theRobotClicksObjectsOut() throws {
    let space = try Workspace()
    try folders(space)
    let result = try Tool.run(
      "evaluate", "clicks", space.file("output"), space.file("masks"), "--every", "3", "--limit", "6", "--json")
    #expect(result.code == 0, "\(result.summary)")
    let scores = try JSONDecoder().decode([String: Double].self, from: Data(result.out.utf8))
    #expect(scores["objects"] == 3)
    #expect((scores["IoU@5"] ?? 0) > 0.4, "\(result.summary)")
  }

  /// A walker of many colours, whom one click takes as a whole where his motion is known.
  @Test func theRobotsEngineSeesWhatMovesAsInAJob() throws {
    let space = try Workspace()
    let walk = SyntheticScene(width: 480, height: 270, frameCount: 24, seed: 3)
    try walk.write(to: space.file("all/"), format: PixelFormat(.rgb))
    for folder in ["clip", "still", "clip-masks", "still-masks"] {
      try FileManager.default.createDirectory(atPath: space.file(folder), withIntermediateDirectories: true)
    }
    for index in 4...8 {
      let name = String(format: "/%05d.png", index)
      let isMarked = index == 6
      for folder in isMarked ? ["clip", "still"] : ["clip"] {
        try FileManager.default.copyItem(atPath: space.file("all") + name, toPath: space.file(folder) + name)
        let mask = isMarked ? walk.frame(index).objects : Mask(width: 480, height: 270)
        try MaskFile.write(mask, to: space.file(folder + "-masks") + name)
      }
    }
    func firstClick(_ folder: String) throws -> Double {
      let result = try Tool.run(
        "evaluate", "clicks", space.file(folder), space.file(folder + "-masks"), "--limit", "1", "--json")
      return try #require(try JSONDecoder().decode([String: Double].self, from: Data(result.out.utf8))["IoU@1"])
    }
    let (alone, beside) = (try firstClick("still"), try firstClick("clip"))
    #expect(beside > alone + 0.1, "\(alone) alone, \(beside) beside its neighbours")
  }

  private enum Script {
    static let isAvailable: Bool = {
      guard let script = SharedClips.path("tools/evaluate.py"), FileManager.default.fileExists(atPath: script) else {
        return false
      }
      return (try? python(["-c", "import cv2, numpy"])) != nil
    }()

    static func run(_ arguments: [String]) throws -> [String: Double?] {
      let output = try python(["-B", SharedClips.path("tools/evaluate.py") ?? ""] + arguments)
      return try JSONDecoder().decode([String: Double?].self, from: Data(output.utf8))
    }

    private static func python(_ arguments: [String]) throws -> String {
      struct Failed: Error {}
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = ["python3"] + arguments
      let pipe = Pipe()
      process.standardOutput = pipe
      process.standardError = FileHandle.nullDevice
      try process.run()
      let output = pipe.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      guard process.terminationStatus == 0 else { throw Failed() }
      return String(decoding: output, as: UTF8.self)
    }
  }
}
