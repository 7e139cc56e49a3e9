import ModelLibrary
import NeuralRuntime

/// The engines that a door's jobs use, and where the networks among them come from.
public struct EngineChoice: Sendable, Codable, Equatable {
  public var segmenter = "builtin"
  public var tracker = "builtin"
  public var inpainter = "builtin"
  /// An `.onnx` file that enlarges what was filled at a smaller size.
  public var upscaler: String?
  /// Checkpoint files; those that are not given are looked up in the model registry.
  public var weights: [String] = []
  /// ONNX Runtime's library, or nil to look for it.
  public var onnxruntime: String?
  /// A `ProviderChoice` by its name.
  public var provider = ProviderChoice.auto.name

  public init() {}

  public init(of settings: RemovalSettings) {
    segmenter = settings.segmenter
    tracker = settings.tracker
    inpainter = settings.inpainter
    upscaler = settings.upscaler
    weights = settings.weights
    onnxruntime = settings.onnxruntime
    provider = settings.provider.name
  }

  public func apply(to settings: inout RemovalSettings) {
    settings.segmenter = segmenter
    settings.tracker = tracker
    settings.inpainter = inpainter
    settings.upscaler = upscaler
    settings.weights = weights
    settings.onnxruntime = onnxruntime
    settings.provider = ProviderChoice(provider) ?? .auto
  }

  /// Whether marking needs a network, which holds far more memory than the built-in engine.
  public var selectsByNetwork: Bool { Engines.isNetwork(segmenter) }

  /// Sees to it that all of them can be had: names, weights and runtime. Holds none of them.
  /// - Throws: `RemovalError.unknownEngine`, or what `LoadedNetworks` throws.
  public func check() throws {
    var settings = RemovalSettings()
    apply(to: &settings)
    defer { Engines.releaseAll(settings) }
    try Engines.check(settings)
  }
}
