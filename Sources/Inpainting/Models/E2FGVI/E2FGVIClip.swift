import NeuralRuntime

/// A group of frames that are filled together.
public struct E2FGVIWindow: Sendable, Equatable {
  /// The frame that it reaches from.
  public let middle: Int
  /// Frames to fill: their features are propagated.
  public let neighbours: Range<Int>
  /// Frames from all over the clip that only the transformer sees.
  public let references: [Int]

  public init(middle: Int = 0, neighbours: Range<Int>, references: [Int]) {
    self.middle = middle
    self.neighbours = neighbours
    self.references = references
  }

  public var frames: [Int] { Array(neighbours) + references }
}

/// How E2FGVI goes through a clip: a window at every `stride`-th frame that reaches `stride` frames both ways, with
/// every `referenceStep`-th frame of the clip beside it.
public struct E2FGVIWindows: Sendable, Equatable {
  public var stride = 5
  public var referenceStep = 10

  public init() {}

  public func windows(count: Int) -> [E2FGVIWindow] {
    Swift.stride(from: 0, to: count, by: max(1, stride)).map { middle in
      let neighbours = max(0, middle - stride)..<min(count, middle + stride + 1)
      let references = Swift.stride(from: 0, to: count, by: max(1, referenceStep)).filter { !neighbours.contains($0) }
      return E2FGVIWindow(middle: middle, neighbours: neighbours, references: references)
    }
  }
}

/// Runs windows over the frames of a clip; each frame is encoded once, however many windows it lies in.
public struct E2FGVIClip {
  private let network: E2FGVINetwork
  private let frame: (Int) throws -> NeuralTensor
  private let check: () throws -> Void
  private var encoded: [Int: E2FGVINetwork.EncodedFrame] = [:]
  /// By the earlier of two frames that follow each other.
  private var flows: [Int: (forward: NeuralTensor, backward: NeuralTensor)] = [:]

  /// - Parameters:
  ///   - check: called between the steps of the work; what it throws ends it.
  ///   - frame: a frame of the clip with its hole at 0; see `E2FGVINetwork`.
  public init(
    _ network: E2FGVINetwork, check: @escaping () throws -> Void = {}, frame: @escaping (Int) throws -> NeuralTensor
  ) {
    self.network = network
    self.check = check
    self.frame = frame
  }

  /// What a window makes on its way to the decoder.
  public struct Stages {
    public let encoded: [E2FGVINetwork.EncodedFrame]
    /// Between the neighbours, from each to the next and from each to the one before.
    public let forwardFlows: [NeuralTensor]
    public let backwardFlows: [NeuralTensor]
    public let propagated: [NeuralTensor]
    /// The propagated features and the references', [frames, 128, height, width].
    public let features: NeuralTensor
    /// Tokens before the transformer and after each of its blocks, where asked for; the last ones always.
    public fileprivate(set) var tokens: [Int: NeuralTensor]

    public var transformed: NeuralTensor { tokens[E2FGVINetwork.depth]! }
  }

  /// - Parameter depths: blocks passed by the tokens that are wanted, 0 for those before the first.
  public mutating func stages(_ window: E2FGVIWindow, depths: Set<Int> = []) throws -> Stages {
    let encoded = try window.frames.map { try encode($0) }
    let flows = try window.neighbours.dropLast().map { try flow(from: $0) }
    let (forward, backward) = (flows.map(\.forward), flows.map(\.backward))
    let propagated = try network.propagate(
      encoded[..<window.neighbours.count].map(\.features), forwardFlows: forward, backwardFlows: backward, check: check)
    let features = NeuralTensor.joined(propagated + encoded[window.neighbours.count...].map(\.features))
    var stages = Stages(
      encoded: encoded, forwardFlows: forward, backwardFlows: backward, propagated: propagated, features: features,
      tokens: [:])
    var tokens = try network.softSplit(features)
    for depth in 0...E2FGVINetwork.depth {
      try check()
      if depth > 0 { tokens = try network.block(depth - 1, tokens)["block"]! }
      if depths.contains(depth) || depth == E2FGVINetwork.depth { stages.tokens[depth] = tokens }
    }
    return stages
  }

  /// The filled pictures of a window's neighbours, [1, 3, height, width] in -1…1.
  public mutating func pictures(_ window: E2FGVIWindow) throws -> [NeuralTensor] {
    let stages = try stages(window)
    let tokens = stages.transformed.reshaped(Array(stages.transformed.shape.dropFirst()))
    return try stages.propagated.enumerated().map { index, features in
      try check()
      let own = tokens.slice(index..<index + 1)
      let transformed = try network.softComposition(own.reshaped([1] + own.shape), onto: features)
      return try network.decoder(transformed, outputs: ["picture"])["picture"]!
    }
  }

  /// The frame mirrored at the bottom and the right until its sizes divide as the network needs.
  public static func mirrored(_ frame: NeuralTensor) -> NeuralTensor {
    let (height, width) = (frame.shape[2], frame.shape[3])
    let step = E2FGVINetwork.step
    let rows = (height + step.height - 1) / step.height * step.height
    let columns = (width + step.width - 1) / step.width * step.width
    if rows == height && columns == width { return frame }
    func place(_ index: Int, _ size: Int) -> Int {
      let turn = index % (2 * size)
      return turn < size ? turn : 2 * size - 1 - turn
    }
    return frame.withFloats { floats in
      NeuralTensor([1, 3, rows, columns]) { out in
        for channel in 0..<3 {
          for y in 0..<rows {
            let from = (channel * height + place(y, height)) * width
            let to = (channel * rows + y) * columns
            for x in 0..<columns { out[to + x] = floats[from + place(x, width)] }
          }
        }
      }
    }
  }

  /// Lets go of what no window will ask for again.
  public mutating func forget(except frames: Set<Int>) {
    encoded = encoded.filter { frames.contains($0.key) }
    flows = flows.filter { frames.contains($0.key) && frames.contains($0.key + 1) }
  }

  private mutating func encode(_ index: Int) throws -> E2FGVINetwork.EncodedFrame {
    if let known = encoded[index] { return known }
    try check()
    let made = try network.encode(frame(index))
    encoded[index] = made
    return made
  }

  private mutating func flow(from index: Int) throws -> (forward: NeuralTensor, backward: NeuralTensor) {
    if let known = flows[index] { return known }
    try check()
    let (first, second) = (try encode(index).small, try encode(index + 1).small)
    let made = (
      forward: try network.flow(from: first, to: second)["flow"]!,
      backward: try network.flow(from: second, to: first)["flow"]!
    )
    flows[index] = made
    return made
  }
}
