import Imaging

/// What one frame says of strokes of one polarity within a box.
struct StrokeReading {
  /// Below this, texture and noise stand out too.
  static let noiseFloor: Float = 6
  /// Strokes stand this many times higher than what stands out beside the box.
  private static let clearance: Float = 2

  let heights: Plane<Float>
  /// What stands out beside the box, in levels.
  let noise: Float
  /// How high the box's strokes stand, in levels.
  let peak: Float

  init(_ image: RGBImage, box: Region, radius: Int, polarity: TopHat.Polarity) {
    heights = TopHat(image, radius: radius, polarity: polarity).heights
    var inside: [Float] = []
    var beside: [Float] = []
    for y in 0..<image.height {
      for x in 0..<image.width {
        if box.contains(x: x, y: y) { inside.append(heights[x, y]) } else { beside.append(heights[x, y]) }
      }
    }
    noise = max(Self.noiseFloor, Self.quantile(beside, 0.98))
    peak = Self.quantile(inside, 0.98)
  }

  /// Whether strokes stand out so far from texture that they can be learnt from.
  var isClear: Bool { peak > Self.clearance * noise && peak > 24 }

  private static func quantile(_ values: [Float], _ share: Float) -> Float {
    guard !values.isEmpty else { return 0 }
    return values.sorted()[min(values.count - 1, Int(Float(values.count) * share))]
  }
}
