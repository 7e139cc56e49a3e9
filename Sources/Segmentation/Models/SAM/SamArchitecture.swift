import NeuralGraph

/// Which member of the SAM family a checkpoint holds, read from its keys and shapes.
public struct SamArchitecture: Sendable, Equatable {
  public enum Encoder: Sendable, Equatable {
    /// A plain vision transformer (SAM ViT-B, -L, -H; HQ-SAM).
    case vit(ViTShape)
    /// TinyViT-5M (MobileSAM, Light HQ-SAM).
    case tiny
  }

  /// The sizes of a plain vision transformer.
  public struct ViTShape: Sendable, Equatable {
    public let channels: Int
    public let heads: Int
    /// For each block, whether it attends to the whole picture rather than within windows.
    public let isGlobal: [Bool]
    public let window: Int
  }

  public let encoder: Encoder
  /// Whether the decoder has the high-quality token (HQ-SAM, Ke et al. 2023).
  public let isHighQuality: Bool

  /// Side of the network's picture, and of its grid of features.
  public static let side = 1024
  public static let grid = 64

  /// The name of the released model.
  public var name: String {
    switch (encoder, isHighQuality) {
    case (.tiny, true): "Light HQ-SAM"
    case (.tiny, false): "MobileSAM"
    case (.vit(let shape), let isHighQuality):
      (isHighQuality ? "HQ-SAM" : "SAM") + " ViT-"
        + (["768": "B", "1024": "L", "1280": "H"][String(shape.channels)] ?? "?")
    }
  }

  /// nil where the keys are not SAM's.
  public init?(_ weights: NetworkWeights) {
    guard weights.shape("mask_decoder.iou_token.weight") != nil else { return nil }
    isHighQuality = weights.shape("mask_decoder.hf_token.weight") != nil
    let scope = "image_encoder."
    if weights.shape(scope + "patch_embed.seq.0.c.weight") != nil {
      encoder = .tiny
      return
    }
    guard let position = weights.shape(scope + "pos_embed"), position.count == 4 else { return nil }
    var tables: [[Int]] = []
    while let table = weights.shape(scope + "blocks.\(tables.count).attn.rel_pos_h"), table.count == 2 {
      tables.append(table)
    }
    guard let first = tables.first, first[1] > 0, position[3] % first[1] == 0 else { return nil }
    let isGlobal = tables.map { $0[0] == 2 * Self.grid - 1 }
    let windowTable = tables.first { $0[0] != 2 * Self.grid - 1 } ?? first
    encoder = .vit(
      ViTShape(
        channels: position[3], heads: position[3] / first[1], isGlobal: isGlobal, window: (windowTable[0] + 1) / 2))
  }

  /// Channels of the early features that the high-quality decoder takes.
  var earlyChannels: Int {
    switch encoder {
    case .tiny: 160
    case .vit(let shape): shape.channels
    }
  }

  /// Bytes that lie between the layers at the most.
  var workingBytes: Int {
    switch encoder {
    case .tiny: 500 << 20
    case .vit(let shape): shape.channels * 1_250_000
    }
  }

  /// Beginnings of keys that files carry and nothing uses.
  var unusedKeys: [String] {
    let statistics = ["pixel_mean", "pixel_std"]
    return encoder == .tiny ? statistics + ["image_encoder.norm_head.", "image_encoder.head."] : statistics
  }
}
