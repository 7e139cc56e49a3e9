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

    public init(weights: [String] = [], runtime: String? = nil, threads: Int = 1) {
      self.weights = weights
      self.runtime = runtime
      self.threads = threads
    }
  }

  private struct Key: Hashable {
    var engine: String
    var source: Source
  }

  private static let loaded = Mutex<[Key: any Sendable]>([:])
  private static let runtimes = Mutex<[String: NeuralRuntime]>([:])

  /// The network of `engine`, made by `make` where it is not loaded yet.
  /// - Throws: `ModelError`, `NeuralError`, `GraphError`, `CheckpointError`.
  public static func network<Network: Sendable>(
    engine: String, _ source: Source, make: (NetworkWeights, NeuralRuntime, SessionOptions) throws -> Network
  ) throws -> Network {
    let key = Key(engine: engine, source: source)
    if let known = loaded.withLock({ $0[key] }) as? Network { return known }
    let runtime = try runtime(source.runtime)
    let found = try ModelRegistry().weights(engine: engine, files: source.weights)
    let network = try make(found.weights, runtime, SessionOptions(threads: source.threads))
    loaded.withLock { $0[key] = network }
    return network
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

  /// Lets all networks go once nobody holds them, and their memory.
  public static func release() { loaded.withLock { $0.removeAll() } }
}
