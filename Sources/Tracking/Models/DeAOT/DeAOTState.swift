import NeuralRuntime

/// Objects that DeAOT or AOT follows through a video, with its long- and short-term memory.
///
/// More objects than one set of identities holds are followed by several sets, which share the picture's features. A value:
/// copying it forks the track. Not safe from several threads at once; copies are.
public struct DeAOTState: Sendable {
  /// One set of identities.
  struct IdentitySet: Sendable {
    var objects: Int
    /// Given frames, kept for good, and for each the layers.
    var references: [[DeAOTNetwork.LayerMemory]] = []
    /// Remembered frames, the oldest first.
    var remembered: [[DeAOTNetwork.LayerMemory]] = []
    var short: [DeAOTNetwork.LayerMemory] = []
    var propagated: DeAOTNetwork.Propagated?
    var frame = 0
    var lastRemembered = -1

    var long: [[DeAOTNetwork.LayerMemory]] {
      let frames = remembered + references
      return (frames.first ?? []).indices.map { layer in frames.map { $0[layer] } }
    }
  }

  private let network: DeAOTNetwork
  /// Every how many frames one is remembered.
  private let gap: Int
  /// How many frames are remembered at most, given ones not counted; the oldest make room.
  private let cap: Int
  private(set) var sets: [IdentitySet] = []
  private var features: DeAOTNetwork.Features?

  public init(_ network: DeAOTNetwork, gap: Int = 5, cap: Int = .max) {
    self.network = network
    self.gap = max(1, gap)
    self.cap = max(0, cap)
  }

  /// Positions in the long-term memory of each set of identities.
  public var longTermPositions: [Int] {
    sets.map { ($0.remembered + $0.references).reduce(0) { $0 + ($1.first?.key.shape[0] ?? 0) } }
  }

  /// The last frame's final tokens [positions, channels] of each set of identities.
  public var finalTokens: [NeuralTensor] { sets.compactMap { $0.propagated?.final } }

  /// Takes a frame whose labels are given: 1…`objects`, all objects so far and new ones.
  public mutating func addReference(_ features: DeAOTNetwork.Features, labels: LabelMap, objects: Int) throws {
    let size = network.sizes.objects
    let count = max(1, (objects + size - 1) / size)
    while sets.count < count { sets.append(IdentitySet(objects: size)) }
    self.features = features
    for index in sets.indices {
      sets[index].objects = index < count - 1 ? size : max(0, objects - index * size)
      let embedding = try network.identify(network.identityPlanes(labels, set: index, isAlone: sets.count == 1))
      let propagated = try network.propagate(
        features.tokens, rows: features.rows, columns: features.columns, from: .own(embedding: embedding))
      let memory = propagated.layers.compactMap(\.own)
      sets[index].references.append(memory)
      sets[index].short = memory
      sets[index].propagated = propagated
      sets[index].lastRemembered = sets[index].frame
    }
  }

  /// Takes the next frame; `update` must follow before another one.
  public mutating func propagate(_ features: DeAOTNetwork.Features) throws {
    self.features = features
    for index in sets.indices {
      sets[index].frame += 1
      sets[index].propagated = try network.propagate(
        features.tokens, rows: features.rows, columns: features.columns,
        from: .memory(long: sets[index].long, short: sets[index].short))
    }
  }

  /// The last frame's logits [1, 1 + objects, rows, columns] at a quarter of the picture, for each set of identities.
  public func logits() throws -> [NeuralTensor] {
    try sets.map { set in
      guard let final = set.propagated?.final, let features else { throw TrackingError.missingMask }
      let all = try network.decode(final, levels: features.levels, projected: features.projected)["logits"]!
      let planes = all.reshaped([all.shape[1], all.shape[2], all.shape[3]]).slice(0..<set.objects + 1)
      return planes.reshaped([1] + planes.shape)
    }
  }

  /// The last frame's probabilities [1 + objects, height, width].
  public func probabilities(height: Int, width: Int) throws -> NeuralTensor {
    try network.probabilities(logits(), height: height, width: width)
  }

  /// Remembers the last frame with the labels that it was given, of the network's picture size.
  public mutating func update(labels: LabelMap) throws {
    for index in sets.indices {
      guard let propagated = sets[index].propagated else { continue }
      let embedding = try network.identify(network.identityPlanes(labels, set: index, isAlone: sets.count == 1))
      let memory = try propagated.layers.enumerated().map { layer, seen in
        try network.memory(of: seen, layer, with: embedding)
      }
      sets[index].short = memory
      guard sets[index].frame - sets[index].lastRemembered >= gap else { continue }
      sets[index].lastRemembered = sets[index].frame
      sets[index].remembered.append(memory)
      if sets[index].remembered.count > cap { sets[index].remembered.removeFirst() }
    }
  }
}
