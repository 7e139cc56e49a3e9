import Synchronization

/// The tensors a network is built from, by key: out of a checkpoint, or made by a formula. Safe from any thread.
///
/// Elements are read when first asked for, and stay.
public final class NetworkWeights: Sendable {
  /// A tensor that is there, and how to read it.
  public struct Tensor: Sendable {
    public let shape: [Int]
    let read: @Sendable () -> WeightBuffer

    public init(shape: [Int], read: @escaping @Sendable () -> WeightBuffer) {
      self.shape = shape
      self.read = read
    }

    public init(shape: [Int], floats: [Float]) {
      precondition(floats.count == shape.reduce(1, *), "elements that do not fill the shape")
      self.init(shape: shape) { WeightBuffer(floats) }
    }
  }

  /// The file, or whatever else the weights come from, for messages.
  public let source: String
  private let tensors: [String: Tensor]
  private let buffers = Mutex<[String: WeightBuffer]>([:])

  public init(source: String, tensors: [String: Tensor]) {
    self.source = source
    self.tensors = tensors
  }

  /// The state dictionary of a checkpoint; see `Checkpoint.stateDictionary`.
  public convenience init(_ checkpoint: Checkpoint, wrapper: String? = nil) {
    let stored = checkpoint.stateDictionary(wrapper: wrapper)
    self.init(
      source: checkpoint.file,
      tensors: stored.mapValues { tensor in Tensor(shape: tensor.shape) { WeightBuffer(tensor) } })
  }

  public var keys: [String] { tensors.keys.sorted() }

  public func shape(_ key: String) -> [Int]? { tensors[key]?.shape }

  /// The elements under `key`, nil where there is none.
  public func buffer(_ key: String) -> WeightBuffer? {
    guard let tensor = tensors[key] else { return nil }
    if let known = buffers.withLock({ $0[key] }) { return known }
    let buffer = tensor.read()
    return buffers.withLock { known in
      if let other = known[key] { return other }
      known[key] = buffer
      return buffer
    }
  }

  /// Lets go of elements that were read, once the runtime has its own; they are read again where asked for again.
  public func releaseBuffers() { buffers.withLock { $0.removeAll() } }

  /// Checks that `graphs` together ask for all that is here and nothing else.
  /// - Parameter ignoring: beginnings of keys that the network knows and does not use.
  /// - Throws: `GraphError` with every missing, misshapen and surplus tensor, and whatever else is wrong in a graph.
  public func verify(_ network: String, _ graphs: [GraphBuilder], ignoring: [String] = []) throws(GraphError) {
    var problems: [String] = []
    var asked: Set<String> = []
    for graph in graphs {
      for problem in graph.problems where !problems.contains(problem) { problems.append(problem) }
      asked.formUnion(graph.weightKeys)
    }
    let counters = ".num_batches_tracked"
    for key in keys where !asked.contains(key) && !key.hasSuffix(counters) {
      if ignoring.contains(where: key.hasPrefix) { continue }
      problems.append("\(key): is in \(source), but the network has no such tensor")
    }
    if !problems.isEmpty { throw GraphError(name: network, problems: problems) }
  }
}
