/// The element types of tensors in checkpoint files, under PyTorch's names.
public enum ElementType: String, Sendable, CaseIterable {
  case float16, bfloat16, float32, float64, int8, uint8, int16, int32, int64, bool, complex64, complex128

  public var size: Int {
    switch self {
    case .int8, .uint8, .bool: 1
    case .float16, .bfloat16, .int16: 2
    case .float32, .int32: 4
    case .float64, .int64, .complex64: 8
    case .complex128: 16
    }
  }

  /// By PyTorch's legacy storage class.
  init?(storageClass: String) {
    let known: [String: ElementType] = [
      "HalfStorage": .float16, "BFloat16Storage": .bfloat16, "FloatStorage": .float32, "DoubleStorage": .float64,
      "CharStorage": .int8, "ByteStorage": .uint8, "ShortStorage": .int16, "IntStorage": .int32, "LongStorage": .int64,
      "BoolStorage": .bool, "ComplexFloatStorage": .complex64, "ComplexDoubleStorage": .complex128,
    ]
    guard let type = known[storageClass] else { return nil }
    self = type
  }

  /// By the name in a safetensors header.
  init?(safetensors name: String) {
    let known: [String: ElementType] = [
      "F16": .float16, "BF16": .bfloat16, "F32": .float32, "F64": .float64, "I8": .int8, "U8": .uint8, "I16": .int16,
      "I32": .int32, "I64": .int64, "BOOL": .bool, "C64": .complex64,
    ]
    guard let type = known[name] else { return nil }
    self = type
  }
}
