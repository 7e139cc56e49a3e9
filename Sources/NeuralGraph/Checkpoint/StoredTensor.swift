/// A tensor in a checkpoint file: a strided view of bytes that stay mapped, read when asked for.
public struct StoredTensor: Sendable {
  public let type: ElementType
  public let shape: [Int]
  /// In elements; as many as `shape`, none below 0.
  public let strides: [Int]
  let file: MappedFile
  /// The bytes of the storage within the file.
  let storage: Range<Int>
  /// The first element, counted in elements from the storage's start.
  let offset: Int

  /// The number of elements; fits memory, since every tensor that is read was checked to.
  public var count: Int { shape.reduce(1, *) }

  /// - Throws: `CheckpointError.badTensor` with `name` where the view leaves its storage or its size means nothing.
  init(
    name: String, type: ElementType, shape: [Int], strides: [Int], file: MappedFile, storage: Range<Int>, offset: Int
  ) throws(CheckpointError) {
    func refused(_ why: String) -> CheckpointError {
      CheckpointError(.badTensor, file: file.path, "tensor \(name): \(why)")
    }
    guard shape.count == strides.count else { throw refused("\(shape.count) sizes but \(strides.count) strides") }
    guard shape.allSatisfy({ $0 >= 0 }), strides.allSatisfy({ $0 >= 0 }), offset >= 0 else {
      throw refused("a size, stride or offset below 0")
    }
    var count = 1
    var last = offset
    for (size, stride) in zip(shape, strides) {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      let (reach, far) = max(0, size - 1).multipliedReportingOverflow(by: stride)
      let (sum, beyond) = last.addingReportingOverflow(reach)
      guard !overflow, !far, !beyond else { throw refused("a shape of \(shape) overflows") }
      (count, last) = (product, sum)
    }
    let elements = storage.count / type.size
    guard count == 0 || last < elements else { throw refused("reaches element \(last) of a storage of \(elements)") }
    // A stride of 0 repeats elements: without this bound a small file could ask for terabytes.
    guard count <= max(elements, 1) * 64 else { throw refused("\(count) elements out of a storage of \(elements)") }
    self.type = type
    self.shape = shape
    self.strides = strides
    self.file = file
    self.storage = storage
    self.offset = offset
  }

  public var isContiguous: Bool {
    var expected = 1
    for (size, stride) in zip(shape, strides).reversed() where size != 1 {
      if stride != expected { return false }
      expected *= size
    }
    return true
  }

  /// The bytes of the elements in row-major order, copied only where the view is not contiguous.
  public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    let size = type.size
    if isContiguous || count == 0 {
      let start = storage.lowerBound + (count == 0 ? 0 : offset * size)
      return try file.withBytes(start..<start + count * size, body)
    }
    var packed = [UInt8](repeating: 0, count: count * size)
    file.withBytes(storage) { bytes in
      packed.withUnsafeMutableBytes { out in
        forEachOffset { position, element in
          out.baseAddress!.advanced(by: position * size)
            .copyMemory(from: bytes.baseAddress!.advanced(by: element * size), byteCount: size)
        }
      }
    }
    return try packed.withUnsafeBytes(body)
  }

  /// Calls `body` with each row-major position and its element in the storage.
  private func forEachOffset(_ body: (Int, Int) -> Void) {
    var index = [Int](repeating: 0, count: shape.count)
    var element = offset
    for position in 0..<count {
      body(position, element)
      var axis = shape.count - 1
      while axis >= 0 {
        index[axis] += 1
        element += strides[axis]
        if index[axis] < shape[axis] { break }
        element -= strides[axis] * shape[axis]
        index[axis] = 0
        axis -= 1
      }
    }
  }
}

extension StoredTensor {
  /// The elements as float32, row-major; complex ones as real and imaginary parts in turn.
  public func floats() -> [Float] {
    withBytes { bytes in
      switch type {
      case .float16: Self.read(bytes, as: UInt16.self) { Self.half($0) }
      case .bfloat16: Self.read(bytes, as: UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
      case .float32, .complex64: Self.read(bytes, as: UInt32.self) { Float(bitPattern: $0) }
      case .float64, .complex128: Self.read(bytes, as: UInt64.self) { Float(Double(bitPattern: $0)) }
      case .int8: Self.read(bytes, as: Int8.self) { Float($0) }
      case .uint8: Self.read(bytes, as: UInt8.self) { Float($0) }
      case .bool: Self.read(bytes, as: UInt8.self) { $0 != 0 ? 1 : 0 }
      case .int16: Self.read(bytes, as: Int16.self) { Float($0) }
      case .int32: Self.read(bytes, as: Int32.self) { Float($0) }
      case .int64: Self.read(bytes, as: Int64.self) { Float($0) }
      }
    }
  }

  /// The elements as integers, row-major; nil for other element types.
  public func integers() -> [Int64]? {
    withBytes { bytes in
      switch type {
      case .int8: Self.read(bytes, as: Int8.self) { Int64($0) }
      case .uint8: Self.read(bytes, as: UInt8.self) { Int64($0) }
      case .bool: Self.read(bytes, as: UInt8.self) { $0 != 0 ? 1 : 0 }
      case .int16: Self.read(bytes, as: Int16.self) { Int64($0) }
      case .int32: Self.read(bytes, as: Int32.self) { Int64($0) }
      case .int64: Self.read(bytes, as: Int64.self) { $0 }
      default: nil
      }
    }
  }

  private static func read<Raw: FixedWidthInteger & BitwiseCopyable, Value>(
    _ bytes: UnsafeRawBufferPointer, as type: Raw.Type, _ convert: (Raw) -> Value
  ) -> [Value] {
    let size = MemoryLayout<Raw>.size
    return (0..<bytes.count / size).map {
      convert(Raw(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * size, as: Raw.self)))
    }
  }

  /// IEEE 754 binary16.
  static func half(_ bits: UInt16) -> Float {
    let sign: Float = bits & 0x8000 != 0 ? -1 : 1
    let exponent = Int(bits >> 10 & 0x1f)
    let fraction = UInt32(bits & 0x3ff)
    switch exponent {
    case 0: return sign * Float(fraction) * 0x1p-24
    case 31: return Float(bitPattern: UInt32(bits & 0x8000) << 16 | 0x7f80_0000 | fraction << 13)
    default: return Float(bitPattern: UInt32(bits & 0x8000) << 16 | UInt32(exponent + 112) << 23 | fraction << 13)
    }
  }
}
