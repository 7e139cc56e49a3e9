import Imaging

/// What is brighter, or darker, than everything around it within a square: strokes narrower than the square.
///
/// The white and the black top-hat of mathematical morphology (Meyer, 1979), the largest of the three colours' values.
struct TopHat {
  enum Polarity: Int, CaseIterable, Codable { case bright, dark }

  /// In levels, 0…255.
  let heights: Plane<Float>

  /// - Parameter radius: half the square's side; strokes up to twice as wide stand out.
  init(_ image: RGBImage, radius: Int, polarity: Polarity) {
    let isBright = polarity == .bright
    let shrunk = Self.extreme(image, radius, isLeast: isBright)
    let ground = Self.extreme(shrunk, radius, isLeast: !isBright)
    heights = Plane(
      width: image.width, height: image.height,
      samples: zip(image.pixels, ground.pixels).map { pixel, under in
        let rise = isBright ? pixel &- under : under &- pixel
        return Float(max(rise.x, rise.y, rise.z)) / 256
      })
  }

  /// The extreme within the square around each pixel, rows first.
  private static func extreme(_ image: RGBImage, _ radius: Int, isLeast: Bool) -> RGBImage {
    func choose(_ a: SIMD4<UInt16>, _ b: SIMD4<UInt16>) -> SIMD4<UInt16> {
      isLeast ? pointwiseMin(a, b) : pointwiseMax(a, b)
    }
    var rows = image
    var out = image
    let (width, height) = (image.width, image.height)
    for y in 0..<height {
      for x in 0..<width {
        var best = image.pixels[y * width + x]
        for u in max(0, x - radius)...min(width - 1, x + radius) { best = choose(best, image.pixels[y * width + u]) }
        rows.pixels[y * width + x] = best
      }
    }
    for y in 0..<height {
      for x in 0..<width {
        var best = rows.pixels[y * width + x]
        for v in max(0, y - radius)...min(height - 1, y + radius) { best = choose(best, rows.pixels[v * width + x]) }
        out.pixels[y * width + x] = best
      }
    }
    return out
  }
}
