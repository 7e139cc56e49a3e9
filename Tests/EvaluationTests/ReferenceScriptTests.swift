import Foundation
import Imaging
import TestSupport
import Testing

@testable import Evaluation

/// The project's scores against those of the reference script, on the same pixels.
@Suite(.enabled(if: ReferenceScript.isAvailable, "needs ../shared/tools/evaluate.py and python3 with OpenCV"))
struct ReferenceScriptTests {
  private let scene = SyntheticScene(width: 160, height: 112, frameCount: 9, seed: 5)

  @Test func videoScoresAgreeToFourDecimals() throws {
    let folder = try ScratchFolder()
    var evaluator = VideoEvaluator()
    for index in 0..<9 {
      let frame = scene.frame(index)
      let hole = frame.objects.coverage()
      try folder.write(frame.cleanPlate, "reference/\(index).ppm")
      try folder.write(frame.image, "output/\(index).ppm")
      try folder.write(hole, "masks/\(index).pgm")
      try evaluator.add(reference: frame.cleanPlate, output: frame.image, hole: hole)
    }
    let theirs = try ReferenceScript.run(
      ["video", folder.path + "/reference", folder.path + "/output", "--masks", folder.path + "/masks"])
    let ours = evaluator.scores
    for (name, value) in [
      ("psnr", ours.psnr), ("ssim", ours.ssim), ("hole_psnr", ours.holePSNR), ("detail", ours.detail),
      ("flicker", ours.flicker),
    ] {
      let difference = abs(try #require(theirs[name]) - (try #require(value)))
      #expect(difference < 1.01e-4, "\(name): \(theirs[name] ?? .nan) against \(value ?? .nan)")
    }
    #expect(theirs["frames"] == 9)
  }

  @Test func maskScoresAgreeToFourDecimals() throws {
    let folder = try ScratchFolder()
    var evaluator = MaskEvaluator()
    for index in 0..<9 {
      let truth = scene.frame(index).objects.coverage()
      let guess = scene.frame(max(0, index - index / 3)).objects.coverage()
      try folder.write(truth, "truth/\(index).pgm")
      try folder.write(guess, "guess/\(index).pgm")
      evaluator.add(truth: truth, prediction: guess)
    }
    let theirs = try ReferenceScript.run(["masks", folder.path + "/truth", folder.path + "/guess"])
    let ours = evaluator.scores
    for (name, value) in [("J", ours.j), ("F", ours.f), ("J&F", ours.jAndF), ("J_decay", ours.jDecay)] {
      let difference = abs(try #require(theirs[name]) - (try #require(value)))
      #expect(difference < 1.01e-4, "\(name): \(theirs[name] ?? .nan) against \(value ?? .nan)")
    }
    #expect(try #require(ours.j) < 0.95)
  }
}

/// A folder that goes when its owner goes.
private final class ScratchFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "evaluation-\(UUID().uuidString)").path
    for name in ["reference", "output", "masks", "truth", "guess"] {
      try FileManager.default.createDirectory(atPath: path + "/" + name, withIntermediateDirectories: true)
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ image: RGBImage, _ name: String) throws { try PortableAnymap.write(image, to: path + "/" + name) }
  func write(_ plane: Plane<UInt8>, _ name: String) throws { try PortableAnymap.write(plane, to: path + "/" + name) }
}

private enum ReferenceScript {
  struct Failed: Error { var output: String }

  static let isAvailable: Bool = {
    guard SharedClips.path("tools/evaluate.py").map(FileManager.default.fileExists(atPath:)) == true else {
      return false
    }
    return (try? python(["-c", "import cv2, numpy"])) != nil
  }()

  /// Runs the script on PPM and PGM files, which it would pass over, and returns the numbers it prints.
  static func run(_ arguments: [String]) throws -> [String: Double] {
    let folder = SharedClips.path("tools") ?? ""
    let program = """
      import sys; sys.path.insert(0, sys.argv[1]); import evaluate
      evaluate.IMAGES = {'.ppm', '.pgm'}; sys.argv = sys.argv[1:]; evaluate.main()
      """
    let output = try python(["-B", "-c", program, folder] + arguments)
    return try JSONDecoder().decode([String: Double].self, from: Data(output.utf8))
  }

  private static func python(_ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = Pipe()
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failed(output: output) }
    return output
  }
}
