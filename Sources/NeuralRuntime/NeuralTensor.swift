import COnnxRuntime

/// Float32 elements in row-major order with their shape: what goes into a session and comes out of it.
///
/// Immutable and shared by reference, so results are handed on to the next session without a copy. Safe from any thread.
public struct NeuralTensor: Sendable {
  public let shape: [Int]
  private let storage: TensorStorage

  /// - Precondition: `floats` fill the shape.
  public init(_ floats: [Float], _ shape: [Int]) {
    precondition(floats.count == shape.reduce(1, *), "elements that do not fill the shape")
    self.init(shape) { _ = $0.update(fromContentsOf: floats) }
  }

  public init(repeating value: Float, _ shape: [Int]) { self.init(shape) { $0.update(repeating: value) } }

  /// Elements that `fill` writes in place; zeros where it does not.
  public init(_ shape: [Int], fill: (UnsafeMutableBufferPointer<Float>) throws -> Void) rethrows {
    self.shape = shape
    storage = TensorStorage(count: shape.reduce(1, *))
    try fill(UnsafeMutableBufferPointer(start: storage.address, count: storage.count))
  }

  init(_ storage: TensorStorage, _ shape: [Int]) {
    self.shape = shape
    self.storage = storage
  }

  public var count: Int { storage.count }

  public func withFloats<Result>(_ body: (UnsafeBufferPointer<Float>) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(storage) {
      try body(UnsafeBufferPointer(start: storage.address, count: storage.count))
    }
  }

  /// A copy of the elements.
  public var floats: [Float] { withFloats(Array.init) }

  /// The same elements in another shape of as many.
  public func reshaped(_ shape: [Int]) -> NeuralTensor {
    precondition(shape.reduce(1, *) == count, "another number of elements")
    return NeuralTensor(storage, shape)
  }

  /// The elements `range` of the first axis, copied.
  public func slice(_ range: Range<Int>) -> NeuralTensor {
    let size = shape.dropFirst().reduce(1, *)
    return withFloats { floats in
      NeuralTensor([range.count] + shape.dropFirst()) {
        _ = $0.update(fromContentsOf: floats[range.lowerBound * size..<range.upperBound * size])
      }
    }
  }

  /// Where the elements lie, for as long as this tensor is held.
  var address: UnsafePointer<Float> { UnsafePointer(storage.address) }
}

/// Memory that a tensor owns, its own or the runtime's.
final class TensorStorage: @unchecked Sendable {
  // The elements are never written after the tensor was made.
  let address: UnsafeMutablePointer<Float>
  let count: Int
  private let value: (pointer: OpaquePointer, runtime: NeuralRuntime)?

  init(count: Int) {
    self.count = count
    value = nil
    address = .allocate(capacity: max(1, count))
    address.initialize(repeating: 0, count: max(1, count))
  }

  /// Takes over a tensor that the runtime made.
  init(_ value: OpaquePointer, _ address: UnsafeMutablePointer<Float>, count: Int, _ runtime: NeuralRuntime) {
    self.value = (value, runtime)
    self.address = address
    self.count = count
  }

  deinit {
    if let value { ort_release_value(value.runtime.api, value.pointer) } else { address.deallocate() }
  }
}
