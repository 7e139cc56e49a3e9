import CPixelKernels
@_spi(Reference) import Imaging

/// A kernel and its reference on the same row.
struct KernelCase {
  let name: String
  let reference: () -> Void
  let kernel: (cpk_pixel_kernels) -> Void
}

/// Rows of a 1080p frame.
enum Rows1080 {
  static let width = 1920
  static let bytes = (0..<2 * width).map { UInt8(truncatingIfNeeded: $0 &* 37) }
  static let words = (0..<2 * width).map { UInt16(truncatingIfNeeded: $0 &* 371) }
  static let floats = (0..<4 * width + 64).map { Float($0 % 977) * 66 }
  static let pixels = (0..<2 * width).flatMap { x -> [UInt32] in
    let level = UInt32(x * 16)
    return [level | level << 16, level]
  }
  static let steps = (0..<width).map { Int32($0 % 61 + 3) }
  static let matrix = cpk_ycc(
    kr: 0.2126, kg: 0.7152, kb: 0.0722, cr_r: 1.5748, cb_g: -0.1873, cr_g: -0.4681, cb_b: 1.8556, b_cb: 0.5389,
    r_cr: 0.635)
  static let scale = cpk_scale(offset: 16, scale: 298)
  static let quantizer = cpk_quantizer(scale: 1 / 298, offset: 16, max: 255)
}

/// What kernels write to.
final class Outputs {
  let floats = UnsafeMutablePointer<Float>.allocate(capacity: 8 * Rows1080.width)
  let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: 4 * Rows1080.width)
  let words = UnsafeMutablePointer<UInt32>.allocate(capacity: 4 * Rows1080.width)
  let integers = UnsafeMutablePointer<Int32>.allocate(capacity: 4 * Rows1080.width)

  init() {
    floats.initialize(repeating: 0, count: 8 * Rows1080.width)
    bytes.initialize(repeating: 0, count: 4 * Rows1080.width)
    words.initialize(repeating: 0, count: 4 * Rows1080.width)
    integers.initialize(repeating: 0, count: 4 * Rows1080.width)
  }

  deinit {
    floats.deallocate()
    bytes.deallocate()
    words.deallocate()
    integers.deallocate()
  }
}

func colorCases(_ out: Outputs) -> [KernelCase] {
  typealias R = Rows1080
  let n = Int32(R.width)
  let row = Array(R.floats.prefix(R.width))
  let pixels = Array(R.pixels.prefix(2 * R.width))
  let bytes = Array(R.bytes.prefix(R.width))
  return [
    KernelCase(name: "load_u8") {
      _ = PixelReference.load(bytes, R.scale)
    } kernel: {
      $0.load_u8(bytes, n, R.scale, out.floats)
    },
    KernelCase(name: "mix_u8") {
      _ = PixelReference.mix(bytes, bytes, 0.75, 0.25, R.scale)
    } kernel: {
      $0.mix_u8(bytes, R.bytes, 0.75, 0.25, n, R.scale, out.floats)
    },
    KernelCase(name: "upsample_center") {
      _ = PixelReference.upsample(Array(row.prefix(962)), centered: true)
    } kernel: { kernels in
      row.withUnsafeBufferPointer { kernels.upsample_center($0.baseAddress! + 1, n / 2, out.floats) }
    },
    KernelCase(name: "upsample_left") {
      _ = PixelReference.upsample(Array(row.prefix(962)), centered: false)
    } kernel: { kernels in
      row.withUnsafeBufferPointer { kernels.upsample_left($0.baseAddress! + 1, n / 2, out.floats) }
    },
    KernelCase(name: "ycc_to_pixels") {
      _ = PixelReference.pixels(y: row, cb: row, cr: row, R.matrix)
    } kernel: {
      $0.ycc_to_pixels(row, row, row, n, R.matrix, out.words)
    },
    KernelCase(name: "pixels_to_ycc") {
      _ = PixelReference.lumaAndChroma(pixels, R.matrix)
    } kernel: {
      $0.pixels_to_ycc(pixels, n, R.matrix, out.floats, out.floats + R.width, out.floats + 2 * R.width)
    },
    KernelCase(name: "luma") {
      _ = PixelReference.luma(pixels)
    } kernel: {
      $0.luma(pixels, n, out.bytes)
    },
    KernelCase(name: "merge_u8") {
      _ = PixelReference.merge(row, alpha: bytes, R.quantizer, into: bytes)
    } kernel: {
      $0.merge_u8(row, bytes, n, R.quantizer, out.bytes)
    },
  ]
}

func filterCases(_ out: Outputs) -> [KernelCase] {
  typealias R = Rows1080
  let n = Int32(R.width)
  let row = Array(R.floats.prefix(R.width + 12))
  let weights: [Float] = [0.1, 0.2, 0.4, 0.2, 0.1]
  let starts = (0..<R.width / 2).map { Int32(2 * $0) }
  let halves = [Float](repeating: 0.5, count: R.width)
  return [
    KernelCase(name: "weigh_rows_f32") {
      _ = PixelReference.weigh(Array(repeating: row, count: 5), weights)
    } kernel: { kernels in
      row.withUnsafeBufferPointer {
        kernels.weigh_rows_f32(Array(repeating: $0.baseAddress, count: 5), weights, 5, n, out.floats)
      }
    },
    KernelCase(name: "convolve") {
      _ = PixelReference.convolve(row, step: 1, weights)
    } kernel: {
      $0.convolve(row, 1, weights, 5, n, out.floats)
    },
    KernelCase(name: "gather_4") {
      _ = PixelReference.gather(R.floats, channels: 4, starts: starts, halves, taps: 2)
    } kernel: {
      $0.gather_4(R.floats, starts, halves, 2, n / 2, out.floats)
    },
    KernelCase(name: "round_u8") {
      _ = PixelReference.round(row, max: 255) as [UInt8]
    } kernel: {
      $0.round_u8(row, n, 255, out.bytes)
    },
    KernelCase(name: "halve_pixels") {
      _ = PixelReference.halve(words: R.pixels, R.pixels)
    } kernel: {
      $0.halve_pixels(R.pixels, R.pixels, n, out.words)
    },
    KernelCase(name: "row_distances") {
      _ = PixelReference.rowDistances(R.steps)
    } kernel: {
      $0.row_distances(R.steps, n, out.integers + 2 * R.width, out.integers)
    },
  ]
}
