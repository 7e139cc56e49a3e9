import NeuralRuntime

extension VINetNetwork {
  /// One call's results.
  public struct Call {
    /// [1, 3, height, width], about -1…1.
    public let output: NeuralTensor
    public let decoded: NeuralTensor
    public let state: State
    /// What the parts gave for each of the four others and the previous output.
    public let aligned: [[String: NeuralTensor]]
    public let fused: [String: NeuralTensor]
    /// What the last step gave; empty for a first frame.
    public let settled: [String: NeuralTensor]
  }

  /// Taps of the parts of a call, under the names that the parts give them.
  public struct CallTaps: Sendable {
    public var alignment: Set<String> = []
    public var fusion: Set<String> = []
    public var settling: Set<String> = []

    public init() {}
  }

  /// Fills one frame.
  /// - Parameters:
  ///   - others: features of the four frames around it.
  ///   - previous: the feed of the previous output, and its features.
  ///   - isFirst: whether there is no previous output to warp; a `state` makes it no first one.
  public func call(
    _ reference: Features, others: [Features], previous: (feed: NeuralTensor, features: Features), isFirst: Bool,
    state: State? = nil, taps: CallTaps = .init()
  ) throws -> Call {
    let aligned = try (others + [previous.features]).map { try align($0, to: reference, taps: taps.alignment) }
    let fused = try fuse(aligned, reference, state: state, taps: taps.fusion)
    let decoded = fused["decoded"]!
    var settled: [String: NeuralTensor] = [:]
    if !isFirst || state != nil {
      let area = previous.feed.shape[2] * previous.feed.shape[3]
      let picture = previous.feed.reshaped([5, area]).slice(0..<3)
        .reshaped([1, 3, previous.feed.shape[2], previous.feed.shape[3]])
      settled = try settle(
        decoded, reference: reference, previous: picture, features: previous.features,
        flow: aligned[aligned.count - 1]["flow_128"]!, taps: taps.settling)
    }
    return Call(
      output: settled["output"] ?? decoded, decoded: decoded,
      state: State(hidden: fused["hidden"]!, cell: fused["cell"]!), aligned: aligned, fused: fused, settled: settled)
  }

  /// Colours with the hole at 0, ones, and the mask: a feed.
  /// - Parameters:
  ///   - colours: [1, 3, height, width].
  ///   - mask: height * width values.
  ///   - hides: whether the colours are multiplied by one minus the mask.
  public static func feed(_ colours: NeuralTensor, mask: [Float], hides: Bool) -> NeuralTensor {
    let area = colours.shape[2] * colours.shape[3]
    precondition(mask.count == area, "a mask of another size")
    return colours.withFloats { floats in
      NeuralTensor([1, 5, colours.shape[2], colours.shape[3]]) { out in
        for index in 0..<3 * area { out[index] = hides ? floats[index] * (1 - mask[index % area]) : floats[index] }
        for index in 0..<area {
          out[3 * area + index] = 1
          out[4 * area + index] = mask[index]
        }
      }
    }
  }
}

/// Goes through a clip frame by frame, the previous output fed back; each frame is encoded once.
///
/// As in the authors' own program the first frames are run in reverse beforehand and the recurrent state is dropped after
/// each frame.
public struct VINetVideo {
  private let network: VINetNetwork
  /// The clip's frames in the order of the steps.
  public let order: [Int]
  private let frame: (Int) throws -> (colours: NeuralTensor, mask: [Float])
  private var encoded: [Int: VINetNetwork.Features] = [:]
  private var previous: (output: NeuralTensor, mask: [Float])?
  private var step = 0

  /// - Parameter frame: a frame [1, 3, crop, crop] in -1…1 and its mask, 1 in the hole.
  public init(
    _ network: VINetNetwork, count: Int, frame: @escaping (Int) throws -> (colours: NeuralTensor, mask: [Float])
  ) {
    self.network = network
    self.frame = frame
    let before = min(max(0, network.settings.preRun), count)
    order = (0..<before).reversed() + Array(0..<count)
  }

  /// The steps that step `index` looks at: two before, itself, two after, reflected at the ends.
  public func window(_ index: Int) -> [Int] {
    let last = order.count - 1
    return (-2...2).map { offset in
      let position = index + offset * network.settings.stride
      let reflected = position < 0 ? -position : position > last ? 2 * last - position : position
      return min(max(reflected, 0), last)
    }
  }

  public var isAtEnd: Bool { step >= order.count }

  /// Fills the next step's frame.
  /// - Returns: the clip's frame, and its picture [1, 3, crop, crop].
  public mutating func next() throws -> (frame: Int, output: NeuralTensor) {
    let window = window(step)
    let others = try [0, 1, 3, 4].map { try features(order[window[$0]]) }
    let (colours, mask) = try frame(order[step])
    let feed = VINetNetwork.feed(colours, mask: mask, hides: true)
    let last = previous.map { previous in
      // The weights for 256 were trained without the mask of the previous output.
      let share: Float = network.settings.doubleSize ? 0.5 : 0
      return VINetNetwork.feed(previous.output, mask: previous.mask.map { $0 * share }, hides: false)
    }
    let before = last ?? feed
    let call = try network.call(
      network.encode(feed, reference: true), others: others,
      previous: (before, network.encode(before, reference: false)), isFirst: last == nil)
    previous = (call.output, mask)
    let index = order[step]
    step += 1
    forget()
    return (index, call.output)
  }

  private mutating func features(_ index: Int) throws -> VINetNetwork.Features {
    if let known = encoded[index] { return known }
    let (colours, mask) = try frame(index)
    let made = try network.encode(VINetNetwork.feed(colours, mask: mask, hides: true), reference: false)
    encoded[index] = made
    return made
  }

  /// Lets go of what no later step looks at soon.
  private mutating func forget() {
    let reach = 2 * network.settings.stride
    let ahead = Set((step..<min(order.count, step + reach + 1)).flatMap { window($0) }.map { order[$0] })
    encoded = encoded.filter { ahead.contains($0.key) }
  }
}
