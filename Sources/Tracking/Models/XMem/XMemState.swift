import NeuralGraph
import NeuralRuntime

/// Objects that XMem follows through a video, with its sensory, working and long-term memory.
///
/// A value: copying it forks the track. Not safe from several threads at once; copies are.
public struct XMemState: Sendable {
  /// Masks that are given for a frame.
  public struct Given: Sendable {
    /// [objects, height, width], 0…1: all objects so far and new ones.
    public let masks: NeuralTensor
    /// The objects that the masks decide; the others keep their prediction. All where nil.
    public let decided: Set<Int>?

    public init(masks: NeuralTensor, decided: Set<Int>? = nil) {
      self.masks = masks
      self.decided = decided
    }
  }

  private let network: XMemNetwork
  private let settings: XMemSettings
  private(set) var memory: XMemMemory
  /// The sensory memory: [1, hidden, rows, columns] for each object.
  private var sensory: [NeuralTensor] = []
  private var frame = -1
  private var lastRemembered = 0
  private var lastDeepUpdate: Int

  public init(_ network: XMemNetwork, settings: XMemSettings = .init(), threads: Int = 1) {
    self.network = network
    self.settings = settings
    memory = XMemMemory(network, settings: settings, threads: threads)
    lastDeepUpdate = -(settings.deepUpdateGap ?? 0)
  }

  public var objectCount: Int { sensory.count }
  /// The sensory memory, [1, hidden, rows, columns] for each object.
  public var hidden: [NeuralTensor] { sensory }

  /// Takes the next frame.
  /// - Parameters:
  ///   - image: [1, 3, height, width], normalised by ImageNet's mean and deviation, of any size.
  ///   - isLast: whether no frame follows, so that nothing needs to be remembered.
  /// - Returns: [1 + objects, height, width], probabilities of the background and each object.
  public mutating func step(_ image: NeuralTensor, given: Given? = nil, isLast: Bool = false) throws -> NeuralTensor {
    guard given != nil || !memory.isEmpty else {
      throw TrackingError.missingMask
    }
    frame += 1
    let padding = XMemPadding(height: image.shape[2], width: image.shape[3])
    let image = padding.padded(image)
    let remembers = (frame - lastRemembered >= settings.memoryGap || given != nil) && !isLast
    let isDeep = !isLast && (settings.deepUpdateGap.map { frame - lastDeepUpdate >= $0 } ?? remembers)
    let features = try network.encodeKey(image)

    var probabilities: NeuralTensor?
    if !memory.isEmpty && !decidesAll(given) {
      probabilities = try segment(features, updating: !isLast && !(settings.deepUpdateGap == nil && isDeep))
    }
    if let given {
      probabilities = try joined(padding.padded(given.masks), given.decided, probabilities)
      let blank = [1, network.sizes.hidden, features.rows, features.columns]
      let count = probabilities!.shape[0] - 1
      while sensory.count < count { sensory.append(NeuralTensor(repeating: 0, blank)) }
    }
    if remembers {
      try remember(image, features, probabilities!, isDeep: isDeep)
      lastRemembered = frame
      if isDeep { lastDeepUpdate = frame }
    }
    return padding.cropped(probabilities!)
  }

  private func decidesAll(_ given: Given?) -> Bool {
    guard let given else { return false }
    return given.decided.map { $0.count == given.masks.shape[0] } ?? false
  }

  // MARK: Steps

  private mutating func segment(_ features: XMemNetwork.Features, updating: Bool) throws -> NeuralTensor {
    let readouts = try memory.read(features)
    let context = try network.decoderContext(features.levels)
    var logits: [NeuralTensor] = []
    for (object, readout) in readouts.enumerated() {
      let decoded = try network.decode(readout: readout, hidden: sensory[object], context)
      logits.append(decoded.logits)
      if updating { sensory[object] = try network.updated(sensory[object], by: decoded) }
    }
    return try network.probabilities(logits: logits).probabilities
  }

  /// The given masks with what was predicted for the objects they do not decide.
  private func joined(
    _ masks: NeuralTensor, _ decided: Set<Int>?, _ predicted: NeuralTensor?
  ) throws -> NeuralTensor {
    guard let predicted, let decided else { return try network.aggregate(masks).probabilities }
    let area = masks.shape[1] * masks.shape[2]
    let kept = (0..<predicted.shape[0] - 1).filter { !decided.contains($0) }
    let joined = masks.withFloats { masks in
      predicted.withFloats { predicted in
        NeuralTensor([masks.count]) { out in
          _ = out.update(fromContentsOf: masks)
          for pixel in 0..<area {
            let sum = stride(from: pixel, to: masks.count, by: area).reduce(Float(0)) { $0 + masks[$1] }
            for object in kept {
              out[object * area + pixel] = sum > 0.5 ? 0 : predicted[(object + 1) * area + pixel]
            }
          }
        }
      }
    }
    return try network.aggregate(joined.reshaped(masks.shape)).probabilities
  }

  private mutating func remember(
    _ image: NeuralTensor, _ features: XMemNetwork.Features, _ probabilities: NeuralTensor, isDeep: Bool
  ) throws {
    let context = try network.valueContext(f16: features.levels.f16)
    var values: [NeuralTensor] = []
    for object in sensory.indices {
      let mask = XMemNetwork.maskPlanes(probabilities, object: object)
      let value = try network.encodeValue(image, mask: mask, context)["value"]!
      if isDeep { sensory[object] = try network.reinforced(sensory[object], by: value) }
      let rows = value.elementRows
      values.append(NeuralTensor(rows, [features.rows * features.columns, network.sizes.value]))
    }
    try memory.add(features, values: values)
  }
}
