import Imaging

/// Where each pixel of one picture lies in another: pixel (x, y) moves to (x + u, y + v).
@frozen
public struct FlowField: Sendable, Equatable {
  public let width: Int
  public let height: Int
  /// `width * height` displacements in pixels, row-major: x across, y down.
  public var vectors: [SIMD2<Float>]

  @inlinable
  public init(width: Int, height: Int, vectors: [SIMD2<Float>]) {
    precondition(width > 0 && height > 0 && vectors.count == width * height, "flow of the wrong size")
    self.width = width
    self.height = height
    self.vectors = vectors
  }

  @inlinable
  public init(width: Int, height: Int, repeating vector: SIMD2<Float> = .zero) {
    self.init(width: width, height: height, vectors: Array(repeating: vector, count: width * height))
  }

  @inlinable
  public subscript(x: Int, y: Int) -> SIMD2<Float> {
    get { vectors[y * width + x] }
    set { vectors[y * width + x] = newValue }
  }
}
