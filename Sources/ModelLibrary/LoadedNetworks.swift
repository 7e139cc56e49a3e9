import NeuralGraph
import NeuralRuntime
import Segmentation
import Synchronization
import Tracking

/// Networks that are loaded, shared by all who ask for the same file: a frame is prepared in one place and tracked in another.
///
/// Safe from any thread.
public enum LoadedNetworks {
  /// Where weights and runtime come from.
  public struct Source: Sendable, Hashable {
    /// Checkpoint files, in any order.
    public var weights: [String]
    /// ONNX Runtime's library, or nil to look for it.
    public var runtime: String?
    public var threads: Int
    public var provider: ProviderChoice

    public init(
      weights: [String] = [], runtime: String? = nil, threads: Int = 1, provider: ProviderChoice = .auto
    ) {
      self.weights = weights
      self.runtime = runtime
      self.threads = threads
      self.provider = provider
    }
  }

  private struct Key: Hashable {
    var engine: String
    var source: Source
  }

  private static let loaded = Mutex<[Key: any Sendable]>([:])
  private static let runtimes = Mutex<[String: NeuralRuntime]>([:])
  private static let outcomes = Mutex<[OutcomeKey: ProviderChoice.Outcome]>([:])

  private struct OutcomeKey: Hashable {
    var runtime: String?
    var choice: ProviderChoice
  }

  /// The network of `engine`, made by `make` where it is not loaded yet.
  /// - Throws: `ModelError`, `NeuralError`, `GraphError`, `CheckpointError`.
  public static func network<Network: Sendable>(
    engine: String, _ source: Source, make: (NetworkWeights, NeuralRuntime, SessionOptions) throws -> Network
  ) throws -> Network {
    try known(engine, source) { runtime, options in
      try make(ModelRegistry().weights(engine: engine, files: source.weights).weights, runtime, options)
    }
  }

  /// The network in a user's own `.onnx` file, made by `make` where it is not loaded yet.
  /// - Throws: `NeuralError`.
  public static func network<Network: Sendable>(
    file: String, _ source: Source, make: (String, NeuralRuntime, SessionOptions) throws -> Network
  ) throws -> Network {
    try known(file, source) { runtime, options in try make(file, runtime, options) }
  }

  private static func known<Network: Sendable>(
    _ name: String, _ source: Source, make: (NeuralRuntime, SessionOptions) throws -> Network
  ) throws -> Network {
    let key = Key(engine: name, source: source)
    if let known = loaded.withLock({ $0[key] }) as? Network { return known }
    let runtime = try runtime(source.runtime)
    let provider = try outcome(source).provider
    let network = try make(runtime, SessionOptions(threads: source.threads, provider: provider))
    loaded.withLock { $0[key] = network }
    return network
  }

  /// What computes these networks, tried once.
  /// - Throws: `NeuralError.noRuntime`.
  public static func outcome(_ source: Source) throws(NeuralError) -> ProviderChoice.Outcome {
    let key = OutcomeKey(runtime: source.runtime, choice: source.provider)
    if let known = outcomes.withLock({ $0[key] }) { return known }
    let outcome = try runtime(source.runtime).outcome(of: source.provider)
    outcomes.withLock { $0[key] = outcome }
    return outcome
  }

  /// ONNX Runtime, opened once.
  /// - Throws: `NeuralError.noRuntime`, with how to get it.
  public static func runtime(_ explicit: String? = nil) throws(NeuralError) -> NeuralRuntime {
    let key = explicit ?? ""
    if let known = runtimes.withLock({ $0[key] }) { return known }
    let runtime = try NeuralRuntime(explicit: explicit)
    runtimes.withLock { $0[key] = runtime }
    return runtime
  }

  /// Lets these engines' networks go once nobody holds them, and their memory: at the end of the last stage that needs them.
  public static func release(_ engines: Set<String>) {
    let gone = loaded.withLock { loaded in
      let gone = loaded.filter { engines.contains($0.key.engine) }
      for key in gone.keys { loaded[key] = nil }
      return gone
    }
    // Taking a network apart is nothing to be done under the lock.
    withExtendedLifetime(gone) {}
  }
}
