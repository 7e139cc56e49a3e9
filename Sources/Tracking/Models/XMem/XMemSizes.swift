import NeuralGraph

/// The channel counts of a released or trained XMem, read from its tensors' shapes.
public struct XMemSizes: Sendable, Equatable {
  /// Of keys and their selection.
  public let key: Int
  /// Of values.
  public let value: Int
  /// Of the sensory memory.
  public let hidden: Int
  /// 2: an object's mask and the sum of the others'; 1 for weights trained on single objects.
  let maskPlanes: Int

  /// Those of the released weights where a tensor is missing, so that `verify` can name it.
  init(_ weights: NetworkWeights) {
    func first(_ key: String) -> Int? { weights.shape(key)?.first.map { max(1, $0) } }
    key = first("key_proj.key_proj.weight") ?? 64
    value = first("value_encoder.fuser.block2.conv2.weight") ?? 512
    hidden = first("decoder.hidden_update.transform.weight").map { max(1, $0 / 3) } ?? 64
    let stem = weights.shape("value_encoder.conv1.weight") ?? []
    maskPlanes = stem.count == 4 && stem[1] == 4 ? 1 : 2
  }
}
