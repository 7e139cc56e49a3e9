import ArgumentParser
import ObjectRemoval

/// Which engine turns marks into masks.
struct SegmentingEngine: ParsableArguments {
  @Option(
    help: "The engine that turns prompts into masks; or your own .onnx file that takes a picture and gives a mask.")
  var segmenter = "builtin"
}

/// Which engines turn marks into masks and follow these.
struct MarkingEngines: ParsableArguments {
  @OptionGroup var segmenting: SegmentingEngine

  @Option(help: "The engine that follows them.")
  var tracker = "builtin"

  func apply(to settings: inout RemovalSettings) {
    settings.segmenter = segmenting.segmenter
    settings.tracker = tracker
  }
}

/// Which engines fill.
struct FillingEngines: ParsableArguments {
  @Option(help: "The engine that fills.")
  var inpainter = "builtin"

  @Option(
    help: ArgumentHelp(
      "Your own network (Real-ESRGAN and its kin) that enlarges what was filled at a smaller size: with --resize, or by a network of a fixed size.",
      valueName: "FILE.onnx"),
    completion: .file())
  var upscaler: String?

  func apply(to settings: inout RemovalSettings) {
    settings.inpainter = inpainter
    settings.upscaler = upscaler
  }
}

extension NetworkOptions {
  func apply(to settings: inout RemovalSettings) {
    settings.weights = weights
    settings.onnxruntime = onnxruntime
    settings.provider = provider
  }
}
