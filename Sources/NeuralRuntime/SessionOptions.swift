import COnnxRuntime

/// How sessions run.
public struct SessionOptions: Sendable, Equatable {
  /// Threads within an operator; operators run one after another.
  public var threads: Int
  /// Whether freed memory is kept for the next run: faster, and more is held.
  public var keepsMemory: Bool
  /// An execution provider by name, such as `CUDAExecutionProvider`; the processor where nil.
  public var provider: String?

  public init(threads: Int = 1, keepsMemory: Bool = true, provider: String? = nil) {
    self.threads = max(1, threads)
    self.keepsMemory = keepsMemory
    self.provider = provider
  }
}

/// The runtime's own options; released with their owner.
final class RuntimeOptions {
  let options: OpaquePointer
  private let api: OpaquePointer

  init(_ runtime: NeuralRuntime, _ settings: SessionOptions) throws(NeuralError) {
    api = runtime.api
    options = try NeuralRuntime.make(runtime.api) { ort_create_options(runtime.api, $0) }
    try apply(settings)
  }

  deinit { ort_release_options(api, options) }

  private func apply(_ settings: SessionOptions) throws(NeuralError) {
    let everyOptimization: Int32 = 99
    try NeuralRuntime.check(api, ort_set_optimization(api, options, everyOptimization))
    // With the pattern on, an encoder's peak nearly doubles.
    try NeuralRuntime.check(api, ort_disable_memory_pattern(api, options))
    try NeuralRuntime.check(api, ort_set_arena(api, options, settings.keepsMemory))
    try NeuralRuntime.check(api, ort_set_threads(api, options, Int32(settings.threads), 1))
    // Waiting threads sleep: spinning would burn the cores that decoding needs.
    try NeuralRuntime.check(api, ort_add_config(api, options, "session.intra_op.allow_spinning", "0"))
    if let provider = settings.provider { try append(provider) }
  }

  private func append(_ provider: String) throws(NeuralError) {
    let suffix = "ExecutionProvider"
    let name = provider.hasSuffix(suffix) ? String(provider.dropLast(suffix.count)) : provider
    let status = name == "CUDA" ? ort_append_cuda(api, options) : ort_append_provider(api, options, name)
    try NeuralRuntime.check(api, status)
  }
}
