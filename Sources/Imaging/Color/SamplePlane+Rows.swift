import CPixelKernels

extension SamplePlane {
  /// Levels of row `y` over `columns`.
  func load(row y: Int, columns: Range<Int>, scale: cpk_scale, into out: UnsafeMutablePointer<Float>) {
    let count = Int32(columns.count)
    switch self {
    case .bytes(let plane):
      plane.samples.withUnsafeBufferPointer {
        cpk_pixel().pointee.load_u8($0.baseAddress! + y * plane.width + columns.lowerBound, count, scale, out)
      }
    case .words(let plane):
      plane.samples.withUnsafeBufferPointer {
        cpk_pixel().pointee.load_u16($0.baseAddress! + y * plane.width + columns.lowerBound, count, scale, out)
      }
    }
  }

  /// Levels between two rows over `columns`.
  func load(_ mix: RowMix, columns: Range<Int>, scale: cpk_scale, into out: UnsafeMutablePointer<Float>) {
    guard mix.share > 0, mix.second != mix.first else {
      return load(row: mix.first, columns: columns, scale: scale, into: out)
    }
    let count = Int32(columns.count)
    switch self {
    case .bytes(let plane):
      plane.samples.withUnsafeBufferPointer {
        let start = $0.baseAddress! + columns.lowerBound
        cpk_pixel().pointee.mix_u8(
          start + mix.first * plane.width, start + mix.second * plane.width, 1 - mix.share, mix.share, count, scale, out
        )
      }
    case .words(let plane):
      plane.samples.withUnsafeBufferPointer {
        let start = $0.baseAddress! + columns.lowerBound
        cpk_pixel().pointee.mix_u16(
          start + mix.first * plane.width, start + mix.second * plane.width, 1 - mix.share, mix.share, count, scale, out
        )
      }
    }
  }
}

/// A place between two rows of a plane: `share` of the second, the rest of the first.
struct RowMix {
  let first: Int
  let second: Int
  let share: Float
}
