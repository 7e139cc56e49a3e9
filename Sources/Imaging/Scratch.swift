/// A row of floats that one thread works in.
struct Scratch<Element: BitwiseCopyable>: ~Copyable {
  let base: UnsafeMutablePointer<Element>

  init(count: Int, repeating value: Element) {
    base = .allocate(capacity: count)
    base.initialize(repeating: value, count: count)
  }

  deinit { base.deallocate() }
}

extension Plane {
  /// A plane whose rows are written by `body(y, row)`, each once, on up to `threads` threads.
  ///
  /// `row` is the plane's width long and starts as `value`; a body must write to nothing else.
  @inlinable
  public init(
    width: Int, height: Int, repeating value: Sample, threads: Int,
    rows body: @Sendable (Int, UnsafeMutablePointer<Sample>) -> Void
  ) {
    self.init(width: width, height: height, repeating: value)
    samples.withUnsafeMutableBufferPointer { buffer in
      let out = RowPointer(base: buffer.baseAddress!)
      Rows.concurrently(height, threads: threads) { band in
        for y in band { body(y, out.base + y * width) }
      }
    }
  }
}

/// The start of samples that several threads write, each its own rows.
@usableFromInline
struct RowPointer<Sample>: @unchecked Sendable {
  @usableFromInline let base: UnsafeMutablePointer<Sample>

  @usableFromInline
  init(base: UnsafeMutablePointer<Sample>) { self.base = base }
}

extension RGBImage {
  /// Row `y` as the words that kernels read, two a pixel.
  func withWords<Result>(row y: Int, from x: Int = 0, _ body: (UnsafePointer<UInt32>) -> Result) -> Result {
    pixels.withUnsafeBytes { bytes in
      let start = bytes.baseAddress! + (y * width + x) * MemoryLayout<SIMD4<UInt16>>.stride
      return body(start.assumingMemoryBound(to: UInt32.self))
    }
  }

  /// An image whose bands of rows are written by `body(rows, words)`, where `words` is the start of row 0, two words a
  /// pixel.
  init(
    width: Int, height: Int, threads: Int, bands body: @Sendable (Range<Int>, UnsafeMutablePointer<UInt32>) -> Void
  ) {
    self.init(
      width: width, height: height,
      pixels: [SIMD4<UInt16>](unsafeUninitializedCapacity: width * height) { buffer, count in
        let words = UnsafeMutableRawPointer(buffer.baseAddress!).assumingMemoryBound(to: UInt32.self)
        let out = RowPointer(base: words)
        Rows.concurrently(height, threads: threads) { band in body(band, out.base) }
        count = width * height
      })
  }
}
