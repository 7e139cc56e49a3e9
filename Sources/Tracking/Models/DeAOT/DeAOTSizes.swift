import NeuralGraph

/// What tells released AOT and DeAOT networks apart, read from the tensors' names and shapes.
public struct DeAOTSizes: Sendable, Equatable {
  enum Encoder: Sendable, Equatable {
    /// ResNet-50 or -101, by the blocks of the third stage.
    case residual(thirdStage: Int)
    case mobileNetV2
  }

  enum Propagation: Sendable, Equatable {
    /// DeAOT's: what is seen and whose it is in branches of their own.
    case gated
    /// AOT's transformer, both in one; so many heads.
    case transformer(heads: Int)
  }

  let encoder: Encoder
  let propagation: Propagation
  /// Propagation layers: 1 (T), 2 (S) or 3 (B, L).
  public let layers: Int
  /// Channels of a token.
  public let width: Int
  /// Of keys.
  public let key: Int
  /// Of values; in the gated propagation of visual and identity ones each.
  public let value: Int
  /// Objects that one set of identities tells apart.
  public let objects: Int

  /// Channels of the feature maps at a quarter, an eighth and a sixteenth, and of the one that is projected.
  var channels: [Int] {
    switch encoder {
    case .residual: [256, 512, 1024, 1024]
    case .mobileNetV2: [24, 32, 96, 1280]
    }
  }

  var heads: Int {
    if case .transformer(let heads) = propagation { heads } else { 1 }
  }

  /// Numbers that the memory of a frame holds for each position.
  var remembered: Int { layers * (key + (propagation == .gated ? 2 : 1) * value) }

  /// Channels that the decoder is given.
  var final: Int { propagation == .gated ? 2 * width : layers * width }

  /// Those of R50-DeAOT-L where a tensor is missing, so that `verify` can name it.
  init(_ weights: NetworkWeights) {
    func size(_ key: String, _ axis: Int) -> Int? {
      weights.shape(key).flatMap { $0.indices.contains(axis) ? max(1, $0[axis]) : nil }
    }
    func count(_ limit: Int, _ key: (Int) -> String) -> Int {
      (0..<limit).first { weights.shape(key($0)) == nil } ?? limit
    }
    let isMobile = weights.shape("encoder.features.0.0.weight") != nil
    let blocks = count(64) { "encoder.layer3.\($0).conv1.weight" }
    encoder = isMobile ? .mobileNetV2 : .residual(thirdStage: blocks == 0 ? 6 : blocks)
    let layers = count(16) { "LSTT.layers.\($0).norm1.weight" }
    self.layers = layers == 0 ? 3 : layers
    width = size("encoder_projector.weight", 0) ?? 256
    let ownKey = size("LSTT.layers.0.short_term_attn.relative_emb_k.weight", 1)
    if weights.shape("LSTT.layers.0.linear_Q.weight") != nil {
      propagation = .transformer(heads: max(1, width / (ownKey ?? 32)))
      (key, value) = (width, width)
    } else {
      propagation = .gated
      key = ownKey ?? 128
      value = size("LSTT.layers.0.linear_U.weight", 0) ?? 512
    }
    objects = size("patch_wise_id_bank.weight", 1).map { max(1, $0 - 1) } ?? 10
  }
}
