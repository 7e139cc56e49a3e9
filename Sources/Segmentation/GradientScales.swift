import CPixelKernels
import Foundation
import Imaging

/// Colour gradients of a Lab image at three scales, in Lab units a pixel.
struct GradientScales: Sendable {
  static let sigmas: [Float] = [0.8, 1.6, 3.2]

  let width: Int
  let height: Int
  /// x, y, z: the magnitude at each sigma; w: their blend that superpixels flood by.
  var samples: [SIMD4<Float>]
  /// The image smoothed at the middle scale, for the colours of regions.
  let smoothed: LabImage

  init(_ image: LabImage, threads: Int) {
    width = image.width
    height = image.height
    var scales: [[Float]] = []
    var middle = image
    for (index, sigma) in GradientScales.sigmas.enumerated() {
      let smooth = image.smoothed(sigma: sigma, threads: threads)
      if index == 0 { middle = smooth }
      scales.append(smooth.gradient(threads: threads))
    }
    smoothed = middle
    samples = (0..<width * height).map { i in
      let g = SIMD4(scales[0][i], scales[1][i], scales[2][i], 0)
      return SIMD4(g.x, g.y, g.z, 0.35 * g.x + 0.8 * g.y + 0.6 * g.z)
    }
  }
}

extension LabImage {
  /// Gaussian smoothing, edges clamped, taps out to 2.5 sigma.
  func smoothed(sigma: Float, threads: Int) -> LabImage {
    let radius = max(1, Int((2.5 * sigma).rounded(.up)))
    var taps = (-radius...radius).map { exp(-Float($0 * $0) / (2 * sigma * sigma)) }
    let sum = taps.reduce(0, +)
    for i in taps.indices { taps[i] /= sum }
    var out = self
    out.l = LabImage.convolved(l, width: width, height: height, taps: taps, radius: radius, threads: threads)
    out.a = LabImage.convolved(a, width: width, height: height, taps: taps, radius: radius, threads: threads)
    out.b = LabImage.convolved(b, width: width, height: height, taps: taps, radius: radius, threads: threads)
    return out
  }

  /// The larger eigenvalue's root of the colour structure tensor at each pixel.
  func gradient(threads: Int) -> [Float] {
    let (width, height) = (Int32(self.width), self.height)
    return filled(threads: threads) { out, rows in
      cpk_segment_kernels().pointee.color_gradient(
        l, a, b, out, width, Int32(height), Int32(rows.lowerBound), Int32(rows.upperBound))
    }
  }

  private static func convolved(
    _ plane: [Float], width: Int, height: Int, taps: [Float], radius: Int, threads: Int
  ) -> [Float] {
    let rows = filledPlane(width: width, height: height, threads: threads) { out, band in
      cpk_segment_kernels().pointee.convolve_rows(
        plane, out, Int32(width), Int32(band.lowerBound), Int32(band.upperBound), taps, Int32(radius))
    }
    return filledPlane(width: width, height: height, threads: threads) { out, band in
      cpk_segment_kernels().pointee.convolve_columns(
        rows, out, Int32(width), Int32(height), Int32(band.lowerBound), Int32(band.upperBound), taps, Int32(radius))
    }
  }

  private func filled(
    threads: Int, _ body: @Sendable (UnsafeMutablePointer<Float>, Range<Int>) -> Void
  ) -> [Float] {
    LabImage.filledPlane(width: width, height: height, threads: threads, body)
  }

  /// A plane whose bands of rows `body` writes, each on one thread.
  private static func filledPlane(
    width: Int, height: Int, threads: Int, _ body: @Sendable (UnsafeMutablePointer<Float>, Range<Int>) -> Void
  ) -> [Float] {
    [Float](unsafeUninitializedCapacity: width * height) { buffer, count in
      nonisolated(unsafe) let out = buffer.baseAddress!
      Rows.concurrently(height, threads: threads) { body(out, $0) }
      count = width * height
    }
  }
}
