import Imaging
import Inpainting
import ModelLibrary
import Segmentation
import Tracking
import VideoIO

/// The engines by their names on the command line. A new engine is added here, and nowhere else above its module.
public enum Engines {
  public static let segmenters = ["builtin"] + samFamily
  public static let trackers = ["builtin", "planar", "siammask", "siammask-refined", "xmem", "deaot", "aot"]
  public static let inpainters = ["builtin", "e2fgvi", "e2fgvi-hq", "vinet", "vinet-256"]

  private static let samFamily = ["sam", "hq-sam", "light-hq-sam", "mobile-sam"]

  /// - Throws: `RemovalError.unknownEngine`, which lists the names; so do the others. For an engine that is a network
  ///   what `LoadedNetworks` throws: no weights, no runtime, files that do not fit.
  public static func segmenter(_ settings: RemovalSettings) throws -> any Segmenter {
    switch settings.segmenter {
    case "builtin": return BuiltinSegmenter(threads: settings.threads)
    case let name where samFamily.contains(name):
      return SamSegmenter(
        try LoadedNetworks.network(engine: name, source(settings)) {
          try SamNetwork(weights: $0, runtime: $1, options: $2)
        })
    case let name where isFile(name):
      return ImageMaskSegmenter(
        try LoadedNetworks.network(file: name, source(settings)) {
          try ImageMaskNetwork($0, runtime: $1, options: $2)
        }, threads: settings.threads)
    default: throw unknown(settings.segmenter, "segmenter", segmenters)
    }
  }

  public static func tracker(_ settings: RemovalSettings) throws -> any Tracker {
    switch settings.tracker {
    case "builtin": return BuiltinTracker(options: options(settings), threads: settings.threads)
    case "planar": return PlanarObjectTracker(threads: settings.threads)
    case "xmem":
      return XMemTracker(
        try LoadedNetworks.network(engine: "xmem", source(settings)) {
          try XMemNetwork(weights: $0, runtime: $1, options: $2)
        }, options: options(settings), threads: settings.threads)
    case "deaot", "aot":
      return DeAOTTracker(
        try LoadedNetworks.network(engine: settings.tracker, source(settings)) {
          try DeAOTNetwork(weights: $0, runtime: $1, options: $2)
        }, options: options(settings), threads: settings.threads)
    case "siammask": return SiamMaskTracker(try siamMask(settings))
    case "siammask-refined":
      let segmenter = try segmenter(settings)
      return SiamMaskTracker(try siamMask(settings)) { frame, boxes in
        let prepared: any PreparedFrame = try segmenter.prepare(frame)
        return try boxes.map { try prepared.candidates(for: Prompts(box: $0))[0].mask }
      }
    default: throw unknown(settings.tracker, "tracker", trackers)
    }
  }

  static func options(_ settings: RemovalSettings) -> TrackingOptions {
    TrackingOptions(longTermMemoryGap: settings.memoryGap, longTermMemoryLength: settings.memoryLength)
  }

  public static func inpainter(_ settings: RemovalSettings) throws -> any Inpainter {
    switch settings.inpainter {
    case "builtin": return BuiltinInpainter(options: fillOptions(settings), threads: settings.threads)
    case "e2fgvi", "e2fgvi-hq":
      return E2FGVIInpainter(
        try LoadedNetworks.network(engine: settings.inpainter, source(settings)) {
          try E2FGVINetwork(weights: $0, runtime: $1, options: $2)
        }, threads: settings.threads, upscaler: try upscaler(settings))
    case "vinet", "vinet-256":
      let network = try LoadedNetworks.network(engine: "vinet", source(settings)) {
        try VINetNetwork(weights: $0, runtime: $1, options: $2)
      }
      let trained: VINetSettings = settings.inpainter == "vinet" ? .init() : .crop256
      return VINetInpainter(
        VINetNetwork(network, settings: trained), threads: settings.threads, upscaler: try upscaler(settings))
    default: throw unknown(settings.inpainter, "inpainter", inpainters)
    }
  }

  /// Bicubic where no other was asked for.
  /// - Throws: `NeuralError.badModel` where the file enlarges nothing.
  static func upscaler(_ settings: RemovalSettings) throws -> any Upscaler {
    guard let file = settings.upscaler else { return BicubicUpscaler(threads: settings.threads) }
    guard isFile(file) else {
      throw RemovalError(.unknownEngine, "\(file) cannot be the upscaler: that is an .onnx file of your own")
    }
    return try LoadedNetworks.network(file: file, source(settings)) {
      try NetworkUpscaler($0, runtime: $1, options: $2)
    }
  }

  private static func fillOptions(_ settings: RemovalSettings) -> InpaintingOptions {
    var options = InpaintingOptions()
    options.invertsTranslucentMarks = settings.marksAreTranslucent
    return options
  }

  /// Looks all of a job's engines up and loads the networks among them, without running any.
  static func check(_ settings: RemovalSettings) throws {
    _ = try segmenter(settings)
    _ = try tracker(settings)
    _ = try inpainter(settings)
    _ = try upscaler(settings)
  }

  private static func unknown(_ name: String, _ role: String, _ known: [String]) -> RemovalError {
    let isMisplaced = isFile(name) && role != "segmenter"
    return RemovalError(
      .unknownEngine,
      isMisplaced
        ? "\(name) cannot be the \(role): an .onnx file of your own can be a segmenter, a picture in and a mask out, or "
          + "--upscaler, a picture in and a larger one out"
        : "no \(role) is named \(name); there is \(known.joined(separator: ", "))")
  }
}
