import CPixelKernels

/// The samples of a plane that several threads write, each its own rows.
enum SampleSink: @unchecked Sendable {
  case bytes(UnsafeMutablePointer<UInt8>, width: Int)
  case words(UnsafeMutablePointer<UInt16>, width: Int)

  func merge(
    _ levels: UnsafePointer<Float>, _ alpha: UnsafePointer<UInt8>, count: Int, _ quantizer: cpk_quantizer, x: Int,
    y: Int
  ) {
    switch self {
    case .bytes(let base, let width):
      cpk_pixel().pointee.merge_u8(levels, alpha, Int32(count), quantizer, base + y * width + x)
    case .words(let base, let width):
      cpk_pixel().pointee.merge_u16(levels, alpha, Int32(count), quantizer, base + y * width + x)
    }
  }

  func mergeChroma(
    _ sum: UnsafePointer<Float>, weight: UnsafePointer<Float>, opacity: UnsafePointer<Float>, count: Int,
    _ quantizer: cpk_quantizer, x: Int, y: Int
  ) {
    switch self {
    case .bytes(let base, let width):
      cpk_pixel().pointee.merge_chroma_u8(sum, weight, opacity, Int32(count), quantizer, base + y * width + x)
    case .words(let base, let width):
      cpk_pixel().pointee.merge_chroma_u16(sum, weight, opacity, Int32(count), quantizer, base + y * width + x)
    }
  }
}

extension [SamplePlane] {
  /// Lends the samples of the planes at `indices` for writing.
  mutating func withRows(_ indices: Range<Int>, _ body: ([SampleSink]) -> Void) {
    lend(indices, [], body)
  }

  private mutating func lend(_ indices: Range<Int>, _ lent: [SampleSink], _ body: ([SampleSink]) -> Void) {
    guard let index = indices.first else { return body(lent) }
    switch self[index] {
    case .bytes(var plane):
      let width = plane.width
      plane.samples.withUnsafeMutableBufferPointer {
        lend(indices.dropFirst(), lent + [.bytes($0.baseAddress!, width: width)], body)
      }
      self[index] = .bytes(plane)
    case .words(var plane):
      let width = plane.width
      plane.samples.withUnsafeMutableBufferPointer {
        lend(indices.dropFirst(), lent + [.words($0.baseAddress!, width: width)], body)
      }
      self[index] = .words(plane)
    }
  }
}
