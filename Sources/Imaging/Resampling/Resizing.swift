import CPixelKernels

extension RGBImage {
  /// This image at another size; both at least 1. Area average along an axis that shrinks, `interpolation` along one that
  /// grows; values are clamped to the range of levels.
  public func resized(
    width newWidth: Int, height newHeight: Int, interpolation: Interpolation = .bicubic, threads: Int = 1
  ) -> RGBImage {
    if newWidth == width, newHeight == height { return self }
    let across = AxisWeights(from: width, to: newWidth, interpolation)
    let down = AxisWeights(from: height, to: newHeight, interpolation)
    return RGBImage(width: newWidth, height: newHeight, threads: threads) { rows, words in
      let mixed = Scratch<Float>(count: 4 * width, repeating: 0)
      let line = Scratch<Float>(count: 4 * newWidth, repeating: 0)
      pixels.withUnsafeBytes { bytes in
        let base = bytes.baseAddress!.assumingMemoryBound(to: UInt16.self)
        for y in rows {
          down.mix(y, base, rowLength: 4 * width, cpk_pixel().pointee.weigh_rows_u16, into: mixed.base)
          cpk_pixel().pointee.gather_4(
            mixed.base, across.starts, across.weights, Int32(across.taps), Int32(newWidth), line.base)
          UnsafeMutableRawPointer(words + 2 * y * newWidth).withMemoryRebound(to: UInt16.self, capacity: 4 * newWidth) {
            cpk_pixel().pointee.round_u16(line.base, Int32(4 * newWidth), 65280, $0)
          }
        }
      }
    }
  }
}

extension Plane where Sample == UInt8 {
  /// This plane at another size; both at least 1. Area average along an axis that shrinks, `interpolation` along one that
  /// grows; rounded to nearest and clamped.
  public func resized(
    width newWidth: Int, height newHeight: Int, interpolation: Interpolation = .bicubic, threads: Int = 1
  ) -> Plane<UInt8> {
    if newWidth == width, newHeight == height { return self }
    let across = AxisWeights(from: width, to: newWidth, interpolation)
    let down = AxisWeights(from: height, to: newHeight, interpolation)
    return Plane<UInt8>(width: newWidth, height: newHeight, repeating: 0, threads: threads) { y, row in
      let mixed = Scratch<Float>(count: width, repeating: 0)
      let line = Scratch<Float>(count: newWidth, repeating: 0)
      samples.withUnsafeBufferPointer {
        down.mix(y, $0.baseAddress!, rowLength: width, cpk_pixel().pointee.weigh_rows_u8, into: mixed.base)
      }
      cpk_pixel().pointee.gather_1(
        mixed.base, across.starts, across.weights, Int32(across.taps), Int32(newWidth), line.base)
      cpk_pixel().pointee.round_u8(line.base, Int32(newWidth), 255, row)
    }
  }
}

extension Plane where Sample == Float {
  /// This plane at another size; both at least 1. Area average along an axis that shrinks, `interpolation` along one that
  /// grows.
  public func resized(
    width newWidth: Int, height newHeight: Int, interpolation: Interpolation = .bilinear, threads: Int = 1
  ) -> Plane<Float> {
    if newWidth == width, newHeight == height { return self }
    let across = AxisWeights(from: width, to: newWidth, interpolation)
    let down = AxisWeights(from: height, to: newHeight, interpolation)
    return Plane<Float>(width: newWidth, height: newHeight, repeating: 0, threads: threads) { y, row in
      let mixed = Scratch<Float>(count: width, repeating: 0)
      samples.withUnsafeBufferPointer {
        down.mix(y, $0.baseAddress!, rowLength: width, cpk_pixel().pointee.weigh_rows_f32, into: mixed.base)
      }
      cpk_pixel().pointee.gather_1(mixed.base, across.starts, across.weights, Int32(across.taps), Int32(newWidth), row)
    }
  }
}

extension Plane {
  /// This plane at another size by the nearest sample: for labels.
  @inlinable
  public func resizedNearest(width newWidth: Int, height newHeight: Int) -> Plane {
    let columns = (0..<newWidth).map { (2 * $0 + 1) * width / (2 * newWidth) }
    var out: [Sample] = []
    out.reserveCapacity(newWidth * newHeight)
    for y in 0..<newHeight {
      let row = (2 * y + 1) * height / (2 * newHeight) * width
      for x in columns { out.append(samples[row + x]) }
    }
    return Plane(width: newWidth, height: newHeight, samples: out)
  }
}

extension Mask {
  /// This mask at another size, each label from the nearest pixel.
  public func resized(width: Int, height: Int) -> Mask {
    Mask(labels: labels.resizedNearest(width: width, height: height))
  }
}

extension AxisWeights {
  /// A kernel that adds up weighted rows: rows, weights, how many, their length, the output.
  typealias WeighRows<T> = (
    UnsafePointer<UnsafePointer<T>?>?, UnsafePointer<Float>?, Int32, Int32, UnsafeMutablePointer<Float>?
  ) -> Void

  /// Output row `index` of a picture whose rows are `rowLength` samples.
  func mix<T>(
    _ index: Int, _ base: UnsafePointer<T>, rowLength: Int, _ kernel: WeighRows<T>,
    into out: UnsafeMutablePointer<Float>
  ) {
    let rows: [UnsafePointer<T>?] = (0..<taps).map { base + (Int(starts[index]) + $0) * rowLength }
    weights(of: index).withUnsafeBufferPointer { kernel(rows, $0.baseAddress, Int32(taps), Int32(rowLength), out) }
  }
}
