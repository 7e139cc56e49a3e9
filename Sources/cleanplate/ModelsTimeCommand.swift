import ArgumentParser
import Foundation
import Imaging
import Inpainting
import ModelLibrary
import ObjectRemoval
import Segmentation

struct ModelsTimeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "time",
    abstract: "Measures a network's step: processor time and memory, on made-up frames.",
    discussion: """
      A step is a frame embedded and one click answered, a frame followed, or a frame filled. The first is not counted.
      Benchmarks/peers/network_speed.py sets it beside the same step of the authors' own code.

        cleanplate models time XMem.pth --size 854x480 --frames 4 --threads 2
      """,
    shouldDisplay: false)

  @Argument(help: "The checkpoint.", completion: .file())
  var file: String

  @Option(help: ArgumentHelp("Of the frames.", valueName: "WxH"))
  var size = "854x480"

  @Option(help: "Frames that count.")
  var frames = 3

  @Option(help: "Threads of the runtime.")
  var threads = 1

  @Option(help: ArgumentHelp("ONNX Runtime's library, or the folder that holds it.", valueName: "path"))
  var onnxruntime: String?

  private struct Answer: Encodable {
    var model: String
    var secondsPerStep: Double
    /// Bytes.
    var peakMemory: Int
  }

  func run() throws {
    let sides = size.split(separator: "x").compactMap { Int($0) }
    guard sides.count == 2, sides.allSatisfy({ 16...4096 ~= $0 }), 1...1000 ~= frames, 1...256 ~= threads else {
      throw ValidationError("--size is WxH of 16 to 4096 each, --frames 1 to 1000, --threads 1 to 256")
    }
    let kind = try ModelRegistry.recognise(file).kind
    var settings = RemovalSettings(threads: threads)
    settings.weights = [file]
    settings.onnxruntime = onnxruntime
    settings.provider = .cpu
    let clip = MadeUpClip(width: sides[0], height: sides[1])
    let seconds: Double
    switch kind.role {
    case .segmenter:
      settings.segmenter = kind.engine
      seconds = try segment(Engines.segmenter(settings), clip)
    case .tracker:
      settings.tracker = kind.engine
      var tracker = try Engines.tracker(settings)
      _ = try tracker.step(clip.frame(0), correction: clip.mask(0))
      seconds = try stepped { _ = try tracker.step(clip.frame($0 + 1), correction: nil) }
    case .inpainter:
      settings.inpainter = kind.engine
      seconds = try fill(Engines.inpainter(settings), clip)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let answer = Answer(model: kind.name, secondsPerStep: seconds, peakMemory: ProcessResources.peakMemory)
    print(String(decoding: try encoder.encode(answer), as: UTF8.self))
  }

  private func segment(_ segmenter: any Segmenter, _ clip: MadeUpClip) throws -> Double {
    try stepped { index in
      let prepared: any PreparedFrame = try segmenter.prepare(clip.frame(index))
      _ = try prepared.candidates(for: Prompts(inside: [.init(x: clip.width / 2, y: clip.height / 2)]), limit: 1)
    }
  }

  /// The frames as one window, filled twice: the first time opens the network.
  private func fill(_ inpainter: any Inpainter, _ clip: MadeUpClip) throws -> Double {
    func seconds(_ count: Int) throws -> Double {
      let window = InpaintingWindow(
        frames: (0..<count).map(clip.frame), holes: (0..<count).map { clip.mask($0).labels },
        filled: Array(repeating: nil, count: count), core: 0..<count)
      let begun = ProcessResources.processorSeconds
      _ = try inpainter.fill(window, cancellation: Cancellation()) { _ in }
      return ProcessResources.processorSeconds - begun
    }
    _ = try seconds(frames)
    return try seconds(frames) / Double(frames)
  }

  /// Seconds of all processors a step, the first left out.
  private func stepped(_ step: (Int) throws -> Void) throws -> Double {
    try step(0)
    let begun = ProcessResources.processorSeconds
    for index in 1...frames { try step(index) }
    return (ProcessResources.processorSeconds - begun) / Double(frames)
  }
}

/// A box that moves over a pattern.
private struct MadeUpClip {
  let width: Int
  let height: Int

  private func box(_ index: Int) -> Region {
    Region(x: width * 3 / 8 + index % (width / 8), y: height * 3 / 8, width: width / 4, height: height / 4)
  }

  func frame(_ index: Int) -> RGBImage {
    var image = RGBImage(width: width, height: height)
    let box = box(index)
    for y in 0..<height {
      for x in 0..<width {
        let isObject = box.contains(x: x, y: y)
        let wave = Float((x * 7 + y * 13) % 128)
        image[x, y] = RGBImage.fixed(isObject ? SIMD4(220, wave, 40, 0) : SIMD4(wave, Float(y * 255 / height), 90, 0))
      }
    }
    return image
  }

  func mask(_ index: Int) -> Mask {
    var mask = Mask(width: width, height: height)
    let box = box(index)
    for y in box.y..<box.maxY { for x in box.x..<box.maxX { mask.labels[x, y] = 1 } }
    return mask
  }
}
