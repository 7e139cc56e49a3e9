extension NeuralTensor {
  /// Tensors that agree in all but the first axis, one after another along it, copied.
  /// - Precondition: there is at least one.
  public static func joined(_ parts: [NeuralTensor]) -> NeuralTensor {
    let inner = Array(parts[0].shape.dropFirst())
    precondition(parts.allSatisfy { Array($0.shape.dropFirst()) == inner }, "parts of different shapes")
    if parts.count == 1 { return parts[0] }
    return NeuralTensor([parts.reduce(0) { $0 + $1.shape[0] }] + inner) { out in
      var start = 0
      for part in parts {
        part.withFloats { floats in
          _ = UnsafeMutableBufferPointer(rebasing: out[start..<start + floats.count]).update(fromContentsOf: floats)
          start += floats.count
        }
      }
    }
  }
}
