import Foundation
import Imaging
import NetworkParity
import NeuralGraph
import NeuralRuntime
import ObjectRemoval
import TestSupport
import Testing
import VideoIO

/// Whole jobs whose engines are networks, on a real clip. Weights come from the formula: the pictures are nonsense, the
/// machinery is what is tested.
@Suite(
  .serialized,
  .enabled(if: SharedClips.isAvailable, "no shared parity data"),
  .enabled(if: (try? NeuralRuntime()) != nil, "no ONNX Runtime on this machine: pip install onnxruntime"))
struct NetworkJobTests {
  struct Engines: Sendable, CustomTestStringConvertible {
    let segmenter, tracker, inpainter: String
    /// Folders of parity data.
    let weights: [String]
    /// Ends the run once it fills.
    let signal: Int32

    var testDescription: String { "\(segmenter), \(tracker), \(inpainter)" }
  }

  private static let all = [
    Engines(
      segmenter: "light-hq-sam", tracker: "siammask", inpainter: "vinet-256",
      weights: ["light_hq_sam", "siammask", "vinet"], signal: SIGKILL),
    Engines(
      segmenter: "sam", tracker: "deaot", inpainter: "e2fgvi", weights: ["sam_vit_b", "r50_deaotl", "e2fgvi"],
      signal: SIGINT),
    Engines(
      segmenter: "sam", tracker: "xmem", inpainter: "e2fgvi-hq", weights: ["sam_vit_b", "xmem", "e2fgvi_hq"],
      signal: SIGKILL),
  ]

  private static let memory = 3 << 30

  /// Four frames of a real clip, a quarter of its size.
  private func clip(_ space: Workspace) throws -> String {
    let source = try MediaSource.open(try #require(SharedClips.path("clips/cat.mp4")))
    let folder = space.file("clip/")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for index in 0..<4 {
      let image = RGBImage(try source.frame(at: index).frame).resized(width: 216, height: 90)
      try StillImage.write(image, folder + "\(index).png")
    }
    return folder
  }

  private func weights(_ network: String, _ space: Workspace) throws -> String {
    let file = space.file(network + ".safetensors")
    try ParityFolder(try #require(SharedClips.path("parity/" + network))).writeWeights(to: file)
    return file
  }

  @Test(arguments: TestScale.isQuick ? Array(all.prefix(1)) : all)
  func aBrokenRunEndsAsAWholeOne(_ engines: Engines) throws {
    let space = try Workspace()
    let input = try clip(space)
    let files = try engines.weights.map { try weights($0, space) }
    func arguments(_ output: String) -> [String] {
      [
        "remove", input, "--box", "80,30,40,30", "--output", space.file(output), "--report",
        space.file(output + ".json"), "--segmenter", engines.segmenter, "--tracker", engines.tracker, "--inpainter",
        engines.inpainter, "--memory", "3G", "--progress", "json",
      ] + files.flatMap { ["--weights", $0] }
    }
    let broken = try Tool.start(arguments("broken.mkv"))
    while broken.isRunning, !broken.errorSoFar.contains("\"stage\":\"fill\"") { usleep(20_000) }
    broken.send(engines.signal)
    let ended = try broken.wait()
    #expect(ended.code == (engines.signal == SIGINT ? 130 : 128 + engines.signal), "\(ended.summary)")
    #expect(!space.contents.contains("broken.mkv"))
    let resumed = try Tool.run(arguments("broken.mkv"))
    #expect(resumed.code == 0, "\(resumed.summary)")
    let whole = try Tool.run(arguments("whole.mkv") + ["--threads", "1"])
    #expect(whole.code == 0, "\(whole.summary)")
    let bytes = try #require(FileManager.default.contents(atPath: space.file("whole.mkv")))
    #expect(FileManager.default.contents(atPath: space.file("broken.mkv")) == bytes)
    let taken = try report(space.file("broken.mkv.json"))
    #expect(taken.resumedFrames > 0)
    #expect(try report(space.file("whole.mkv.json")).peakMemory < Self.memory)
  }

  private func report(_ path: String) throws -> RemovalReport {
    try JSONDecoder().decode(RemovalReport.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
  }

  @Test func tooLittleMemoryIsSaidBeforeTheWork() throws {
    let space = try Workspace()
    let (input, file) = (try clip(space), try weights("sam_vit_b", space))
    let network = ["--segmenter", "sam", "--weights", file, "--memory", "1G"]
    let info = try Tool.run(["info", input] + network)
    #expect(info.code == 0 && info.out.contains("is too little"), "\(info.summary)")
    let result = try Tool.run(["remove", input, "--box", "80,30,40,30", "--output", space.file("out.mkv")] + network)
    #expect(result.code == 2, "\(result.summary)")
    #expect(result.err.contains("would do"))
  }

  @Test func aModelOfOnesOwnSelects() throws {
    let space = try Workspace()
    let builder = GraphBuilder("own", weights: NetworkWeights(source: "none", tensors: [:]))
    builder.output("mask", builder.input("picture", [1, 3, 64, 64]).mean([1]))
    try Data(builder.finish().model).write(to: URL(fileURLWithPath: space.file("own.onnx")))
    let input = try clip(space)
    let mask = space.file("mask.png")
    let segment = ["segment", input, "--segmenter", space.file("own.onnx"), "--output", mask]
    let found = try Tool.run(segment + ["--box", "0,0,216,90", "--provider", "cuda"])
    #expect(found.code == 0, "\(found.summary)")
    #expect(try !MaskFile.read(mask).isEmpty)
    if !(try NeuralRuntime().providers.contains("CUDAExecutionProvider")) {
      #expect(found.err.contains("networks are computed by the processor"))
    }
    let tracker = try Tool.run([
      "track", input, "--box", "0,0,216,90", "--tracker", space.file("own.onnx"), "--output", space.file("m.zip"),
    ])
    #expect(tracker.code == 2 && tracker.err.contains("can be a segmenter"), "\(tracker.summary)")
  }

  @Test func aModelOfOnesOwnEnlargesTheFill() throws {
    let space = try Workspace()
    let builder = GraphBuilder("own", weights: NetworkWeights(source: "none", tensors: [:]))
    // Twice as large and half as bright: what it enlarged can be told.
    builder.output("large", builder.input("picture", [1, 3, 64, 64]).resize([128, 128], .nearest) * 0.5)
    try Data(builder.finish().model).write(to: URL(fileURLWithPath: space.file("large.onnx")))
    let input = try clip(space)
    func remove(_ output: String, _ more: String...) throws -> Tool.Result {
      try Tool.run(
        ["remove", input, "--box", "80,30,40,30", "--resize", "0.5", "--codec", "ffv1", "--output", space.file(output)]
          + more)
    }
    func levels(_ output: String) throws -> [Double] {
      RGBImage(try MediaSource.open(space.file(output)).frame(at: 1).frame).rgbBytes.map(Double.init)
    }
    let plain = try remove("plain.mkv")
    #expect(plain.code == 0, "\(plain.summary)")
    let enlarged = try remove("enlarged.mkv", "--upscaler", space.file("large.onnx"))
    #expect(enlarged.code == 0, "\(enlarged.summary)")
    let ratios = try zip(levels("plain.mkv"), levels("enlarged.mkv")).filter { $0 != $1 && $0 > 20 }.map { $1 / $0 }
    #expect(ratios.count > 300 && abs(ratios.sorted()[ratios.count / 2] - 0.5) < 0.1)
    let refused = try remove("refused.mkv", "--upscaler", input)
    #expect(refused.code == 2 && refused.err.contains("an .onnx file of your own"), "\(refused.summary)")
  }
}
