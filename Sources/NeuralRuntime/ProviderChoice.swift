/// What computes the networks, as a person asks for it: one of ONNX Runtime's execution providers by a short name.
public struct ProviderChoice: Sendable, Hashable {
  /// As it is written on the command line, such as `cuda`.
  public let name: String

  /// A graphics processor where the runtime has one that works, else the processor.
  public static let auto = ProviderChoice(known: "auto")
  public static let cpu = ProviderChoice(known: "cpu")

  /// Names, with the runtime's own.
  private static let providers = [
    "cuda": "CUDAExecutionProvider", "tensorrt": "TensorrtExecutionProvider", "coreml": "CoreMLExecutionProvider",
    "directml": "DmlExecutionProvider", "rocm": "ROCMExecutionProvider", "migraphx": "MIGraphXExecutionProvider",
    "openvino": "OpenVINOExecutionProvider", "xnnpack": "XnnpackExecutionProvider", "webgpu": "WebGpuExecutionProvider",
  ]
  /// Those that `auto` takes, best first. The others are slow to start, or gain nothing.
  private static let automatic = ["cuda", "coreml"]

  public static let names = ["auto", "cpu"] + providers.keys.sorted()

  private init(known name: String) { self.name = name }

  /// nil for a name that is none of `names`.
  public init?(_ name: String) {
    guard Self.names.contains(name.lowercased()) else { return nil }
    self.name = name.lowercased()
  }

  /// What is used in the end.
  public struct Outcome: Sendable, Equatable {
    /// The runtime's name for it, nil for the processor.
    public let provider: String?
    /// What a person should be told: that another than the one asked for computes, and why.
    public let note: String?

    public init(provider: String? = nil, note: String? = nil) {
      self.provider = provider
      self.note = note
    }
  }

  /// - Parameters:
  ///   - available: the providers of the runtime, by its names.
  ///   - open: tries a provider; what it throws is why that cannot be used.
  public func outcome(available: [String], open: (String) throws -> Void) -> Outcome {
    if name == "cpu" { return Outcome() }
    let wanted = name == "auto" ? Self.automatic : [name]
    var failures: [String] = []
    for name in wanted {
      guard let provider = Self.providers[name] else { continue }
      guard available.contains(provider) else {
        if self != .auto { failures.append("this ONNX Runtime has no \(name)") }
        continue
      }
      do {
        try open(provider)
        return Outcome(provider: provider, note: failures.isEmpty ? nil : Self.said(failures, instead: name))
      } catch {
        failures.append("\(name) cannot be used (\(Self.reason(error)))")
      }
    }
    return Outcome(note: failures.isEmpty ? nil : Self.said(failures, instead: "the processor"))
  }

  private static func said(_ failures: [String], instead: String) -> String {
    "\(failures.joined(separator: ", ")): networks are computed by \(instead)"
  }

  /// One line of what may be many.
  private static func reason(_ error: any Error) -> String {
    let text = (error as? NeuralError)?.context ?? "\(error)"
    return String((text.split(whereSeparator: \.isNewline).first ?? "no reason given").prefix(200))
  }
}

extension NeuralRuntime {
  /// What computes where `choice` is asked for.
  public func outcome(of choice: ProviderChoice) -> ProviderChoice.Outcome {
    choice.outcome(available: providers) { provider in
      _ = try RuntimeOptions(self, SessionOptions(provider: provider))
    }
  }
}
