import CPixelKernels

extension Plane where Sample == UInt8 {
  /// Half the size, rounded up: each sample the mean of the 2 x 2 that it covers, rounded half up; a last odd column or
  /// row stands for its missing neighbour too. Sample (x, y) lies at (2 x + 0.5, 2 y + 0.5) of this plane.
  public func halved() -> Plane<UInt8> {
    Plane<UInt8>(width: (width + 1) / 2, height: (height + 1) / 2, repeating: 0, threads: 1) { y, row in
      samples.withUnsafeBufferPointer { buffer in
        let upper = buffer.baseAddress! + 2 * y * width
        let lower = buffer.baseAddress! + min(2 * y + 1, height - 1) * width
        cpk_pixel().pointee.halve_u8(upper, lower, Int32(width / 2), row)
        if width & 1 == 1 {
          row[width / 2] = UInt8(truncatingIfNeeded: (Int(upper[width - 1]) + Int(lower[width - 1]) + 1) >> 1)
        }
      }
    }
  }
}

extension Plane where Sample == Float {
  /// Half the size, rounded up: each sample the mean of the 2 x 2 that it covers; a last odd column or row stands for its
  /// missing neighbour too.
  public func halved() -> Plane<Float> {
    Plane<Float>(width: (width + 1) / 2, height: (height + 1) / 2, repeating: 0, threads: 1) { y, row in
      samples.withUnsafeBufferPointer { buffer in
        let upper = buffer.baseAddress! + 2 * y * width
        let lower = buffer.baseAddress! + min(2 * y + 1, height - 1) * width
        for x in 0..<(width + 1) / 2 {
          let (left, right) = (2 * x, min(2 * x + 1, width - 1))
          row[x] = (upper[left] + upper[right] + lower[left] + lower[right]) * 0.25
        }
      }
    }
  }
}

extension RGBImage {
  /// Half the size, rounded up: each pixel the mean of the 2 x 2 that it covers, rounded half up; a last odd column or row
  /// stands for its missing neighbour too.
  public func halved() -> RGBImage {
    let newWidth = (width + 1) / 2
    return RGBImage(width: newWidth, height: (height + 1) / 2, threads: 1) { rows, words in
      for y in rows {
        let out = words + 2 * y * newWidth
        withWords(row: 2 * y) { upper in
          withWords(row: min(2 * y + 1, height - 1)) { lower in
            cpk_pixel().pointee.halve_pixels(upper, lower, Int32(width / 2), out)
            if width & 1 == 1 { halveLast(upper, lower, out) }
          }
        }
      }
    }
  }

  /// The last pixel of an odd row.
  private func halveLast(
    _ upper: UnsafePointer<UInt32>, _ lower: UnsafePointer<UInt32>, _ out: UnsafeMutablePointer<UInt32>
  ) {
    let last = 2 * (width - 1)
    let doubled: [[UInt32]] = [upper, lower].map { [$0[last], $0[last + 1], $0[last], $0[last + 1]] }
    cpk_pixel().pointee.halve_pixels(doubled[0], doubled[1], 1, out + 2 * (width / 2))
  }
}
