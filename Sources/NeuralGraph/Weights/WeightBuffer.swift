/// Float32 elements, row-major, that stay where they are while this is held: mapped from a file, or in memory.
///
/// Never written, so safe from any thread.
public final class WeightBuffer: Sendable {
  public let count: Int
  private let address: UInt
  private let owner: Owner

  private enum Owner: Sendable {
    case file(MappedFile)
    case memory
  }

  /// Copies `floats`.
  public init(_ floats: [Float]) {
    count = floats.count
    let memory = UnsafeMutableRawPointer.allocate(byteCount: max(1, count * 4), alignment: 64)
    floats.withUnsafeBytes { if let base = $0.baseAddress { memory.copyMemory(from: base, byteCount: $0.count) } }
    address = UInt(bitPattern: memory)
    owner = .memory
  }

  /// Elements that `fill` writes, all of them.
  public init(count: Int, fill: (UnsafeMutableBufferPointer<Float>) -> Void) {
    self.count = count
    let memory = UnsafeMutableRawPointer.allocate(byteCount: max(1, count * 4), alignment: 64)
    fill(UnsafeMutableBufferPointer(start: memory.bindMemory(to: Float.self, capacity: count), count: count))
    address = UInt(bitPattern: memory)
    owner = .memory
  }

  /// The elements of a stored tensor: mapped where the file holds them as aligned, packed float32, else converted.
  public convenience init(_ tensor: StoredTensor) {
    if let mapped = tensor.packedFloats {
      self.init(mapping: mapped.file, address: mapped.address, count: tensor.count)
    } else {
      self.init(tensor.floats())
    }
  }

  private init(mapping file: MappedFile, address: UInt, count: Int) {
    self.count = count
    self.address = address
    owner = .file(file)
  }

  deinit {
    if case .memory = owner { UnsafeMutableRawPointer(bitPattern: address)?.deallocate() }
  }

  public var isMapped: Bool {
    if case .file = owner { true } else { false }
  }

  /// Lets go of memory that the file can give back: who reads again waits for it. Nothing for elements that are not mapped.
  public func releasePages() {
    if case .file(let file) = owner { file.releasePages(address: address, count: count * 4) }
  }

  public func withFloats<Result>(_ body: (UnsafeBufferPointer<Float>) throws -> Result) rethrows -> Result {
    let start = UnsafePointer<Float>(bitPattern: address)
    return try withExtendedLifetime(self) { try body(UnsafeBufferPointer(start: start, count: count)) }
  }
}

extension StoredTensor {
  /// Where the elements lie as float32 in row-major order and aligned, ready for use without a copy.
  var packedFloats: (file: MappedFile, address: UInt)? {
    guard type == .float32, isContiguous, count > 0 else { return nil }
    return withBytes { bytes in
      let address = UInt(bitPattern: bytes.baseAddress)
      return address % 4 == 0 ? (file, address) : nil
    }
  }
}
