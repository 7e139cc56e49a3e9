import Imaging

/// The colours that an area holds, coarsely: 16 levels of each primary, with their neighbours.
struct ColorBins {
  private var isHeld = [Bool](repeating: false, count: 4096)

  /// - Parameter isCounted: which pixels' colours are held; a colour counts from a thousandth of them on.
  init(_ image: RGBImage, where isCounted: (Int) -> Bool) {
    var counts = [Int](repeating: 0, count: 4096)
    var total = 0
    for i in image.pixels.indices where isCounted(i) {
      counts[Self.bin(image.pixels[i])] += 1
      total += 1
    }
    for bin in counts.indices where counts[bin] > total / 1000 { holdAround(bin) }
  }

  func holds(_ pixel: SIMD4<UInt16>) -> Bool { isHeld[Self.bin(pixel)] }

  private mutating func holdAround(_ bin: Int) {
    let (red, green, blue) = (bin >> 8, bin >> 4 & 15, bin & 15)
    for r in max(0, red - 1)...min(15, red + 1) {
      for g in max(0, green - 1)...min(15, green + 1) {
        for b in max(0, blue - 1)...min(15, blue + 1) { isHeld[r << 8 | g << 4 | b] = true }
      }
    }
  }

  private static func bin(_ pixel: SIMD4<UInt16>) -> Int {
    Int(pixel.x >> 12) << 8 | Int(pixel.y >> 12) << 4 | Int(pixel.z >> 12)
  }
}
