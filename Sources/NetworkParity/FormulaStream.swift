import NeuralGraph

/// The formula that stands for weights and inputs: elements from a key, by SplitMix64 seeded with FNV-1a.
public enum FormulaStream {
  public static func seed(_ key: String) -> UInt64 {
    key.utf8.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
  }

  /// Writes `offset + scale * t` for t in -1..<1, the product rounded before the sum.
  public static func fill(_ out: UnsafeMutableBufferPointer<Float>, key: String, scale: Double, offset: Double) {
    var state = seed(key)
    let (scale, offset) = (Float(scale), Float(offset))
    for index in out.indices {
      state &+= 0x9E37_79B9_7F4A_7C15
      var x = state
      x = (x ^ (x >> 30)) &* 0xBF58_476D_1CE4_E5B9
      x = (x ^ (x >> 27)) &* 0x94D0_49BB_1331_11EB
      x ^= x >> 31
      let t = Float(x >> 40) * 0x1p-23 - 1
      out[index] = offset + scale * t
    }
  }

  static func weight(_ tensor: JSONValue) -> (key: String, tensor: NetworkWeights.Tensor)? {
    guard let key = tensor["key"]?.string, let shape = tensor["shape"]?.ints else { return nil }
    let scale = tensor["scale"]?.double ?? 0
    let offset = tensor["offset"]?.double ?? 0
    let values = tensor["values"].map(flattened)
    return (
      key,
      NetworkWeights.Tensor(shape: shape) {
        if let values { return WeightBuffer(values.map { Float($0) }) }
        return WeightBuffer(count: shape.reduce(1, *)) { fill($0, key: key, scale: scale, offset: offset) }
      }
    )
  }

  static func flattened(_ value: JSONValue) -> [Double] {
    if let list = value.array { list.flatMap(flattened) } else { [value.double ?? (value.bool == true ? 1 : 0)] }
  }
}
