import NeuralGraph
import Synchronization

/// A network's weights with the runtime that computes it: parts are built when first run and kept for the next time.
///
/// A part is a graph for one set of sizes. Safe from any thread.
public final class NeuralNetwork: Sendable {
  public let name: String
  public let weights: NetworkWeights
  public let runtime: NeuralRuntime
  public let options: SessionOptions
  /// Parts kept beyond this are let go, the one unused for longest first.
  public let partLimit: Int
  private let parts = Mutex<[(key: String, session: NeuralSession)]>([])

  public init(
    _ name: String, weights: NetworkWeights, runtime: NeuralRuntime, options: SessionOptions = .init(),
    partLimit: Int = 8
  ) {
    self.name = name
    self.weights = weights
    self.runtime = runtime
    self.options = options
    self.partLimit = max(1, partLimit)
  }

  /// Runs the part `key`, built by `build` unless it is there: the key must name everything that the graph depends on.
  ///
  /// - Parameters:
  ///   - taps: names of values within that become outputs too; see `Value.tap`. Part of the key.
  ///   - outputs: the outputs wanted, all where nil.
  /// - Throws: `GraphError` where the weights do not fit, `NeuralError` for what the runtime says.
  public func run(
    _ key: String, _ inputs: [String: NeuralTensor], taps: Set<String> = [], outputs: [String]? = nil,
    build: (GraphBuilder) -> Void
  ) throws -> [String: NeuralTensor] {
    try session(key, taps: taps, build: build).run(inputs, outputs: outputs)
  }

  public func session(_ key: String, taps: Set<String> = [], build: (GraphBuilder) -> Void) throws -> NeuralSession {
    let key = taps.isEmpty ? key : key + " with " + taps.sorted().joined(separator: ",")
    let known = parts.withLock { parts -> NeuralSession? in
      guard let at = parts.firstIndex(where: { $0.key == key }) else { return nil }
      let part = parts.remove(at: at)
      parts.append(part)
      return part.session
    }
    if let known { return known }
    let builder = GraphBuilder(name + " " + key, weights: weights, taps: taps.isEmpty ? .none : .named(taps))
    build(builder)
    let session = try NeuralSession(try builder.finish(), runtime, options)
    parts.withLock { parts in
      parts.append((key, session))
      if parts.count > partLimit { parts.removeFirst() }
    }
    return session
  }

  /// Keys of the parts that are kept, the one unused for longest first.
  public var partKeys: [String] { parts.withLock { $0.map(\.key) } }

  /// Lets all parts go, and the memory they hold.
  public func releaseParts() { parts.withLock { $0.removeAll() } }
}
