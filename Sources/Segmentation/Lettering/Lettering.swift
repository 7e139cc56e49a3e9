import Imaging

/// The lettering of a still mark: strokes of one colour, perhaps outlined, on the picture itself.
///
/// Subtitles, timestamps and most station logos cover a small part of the box that is drawn around them. Learnt once from
/// some frames, it finds the strokes on every frame, also where the text changes or is gone, so that the picture between
/// the strokes stays and only the strokes are filled.
public struct Lettering: Sendable, Codable, Equatable {
  /// One kind of stroke: the letters' bodies, or their outline.
  private struct Stroke: Codable, Equatable {
    var polarity: TopHat.Polarity
    /// Red, green, blue in levels.
    var color: [Float]
    /// How high it stands over the ground, in levels.
    var height: Float
  }

  private var strokes: [Stroke]
  private let radius: Int

  /// Learns from crops of some frames, all of the same place.
  ///
  /// nil where no frame shows strokes that stand out, or where what lies between the strokes has colours that the
  /// surroundings do not have: then the mark has a ground of its own (a plate, a filled emblem).
  /// - Parameters:
  ///   - box: the box drawn around the mark, within the crops; around it they show the surroundings.
  public init?(samples: [RGBImage], box: Region) {
    radius = Self.radius(for: box)
    strokes = []
    var found: [[Stroke]] = []
    var plates = 0
    for image in samples where box.intersection(image.bounds) == box {
      let seen = Self.learn(image, box, radius)
      guard !seen.isEmpty else { continue }
      strokes = seen
      if hasGroundOfItsOwn(image, box) { plates += 1 } else { found.append(seen) }
    }
    guard found.count > plates else { return nil }
    strokes = Self.merged(found)
  }

  /// The margin around a box that the crops should show.
  public static func margin(for box: Region) -> Int { max(8, min(box.width, box.height) / 2) }

  /// 255 on the strokes and their soft edges, of the crop's size; nothing outside the box.
  public func coverage(in image: RGBImage, box: Region) -> Plane<UInt8> {
    var all = Plane<UInt8>(width: image.width, height: image.height, repeating: 0)
    for stroke in strokes {
      let core = seeds(of: stroke, image, box)
      for i in core.samples.indices where core.samples[i] != 0 { all.samples[i] = 255 }
    }
    let grown = all.dilated(radius: 2 + radius / 5)
    return Plane(
      width: image.width, height: image.height,
      samples: grown.samples.indices.map { i in
        box.contains(x: i % image.width, y: i / image.width) ? grown.samples[i] : 0
      })
  }

  /// Strokes are narrower than a third of the box.
  private static func radius(for box: Region) -> Int { max(2, min(24, min(box.width, box.height) / 6)) }

  /// The strokes of one frame. The gaps between letters are strokes of the other polarity, but of the ground's colour.
  private static func learn(_ image: RGBImage, _ box: Region, _ radius: Int) -> [Stroke] {
    let seen = TopHat.Polarity.allCases.compactMap { learn($0, image, box, radius) }
    guard seen.count > 1 else { return seen }
    let beside = ColorBins(image) { !box.contains(x: $0 % image.width, y: $0 / image.width) }
    let foreign = seen.filter { !beside.holds(RGBImage.fixed(SIMD4($0.color[0], $0.color[1], $0.color[2], 0))) }
    return foreign.isEmpty ? [seen.max { $0.height < $1.height }].compactMap { $0 } : foreign
  }

  private static func learn(
    _ polarity: TopHat.Polarity, _ image: RGBImage, _ box: Region, _ radius: Int
  ) -> Stroke? {
    let reading = StrokeReading(image, box: box, radius: radius, polarity: polarity)
    guard reading.isClear else { return nil }
    var bodies: [SIMD4<Float>] = []
    for y in box.y..<box.maxY {
      for x in box.x..<box.maxX where reading.heights[x, y] > reading.peak / 2 { bodies.append(image.level(x, y)) }
    }
    guard bodies.count * 200 > box.width * box.height else { return nil }
    let color = (0..<3).map { channel in bodies.map { $0[channel] }.sorted()[bodies.count / 2] }
    return Stroke(polarity: polarity, color: color, height: reading.peak)
  }

  /// Each polarity that at least half of the clear frames agree on, with the medians of their colours and heights.
  private static func merged(_ found: [[Stroke]]) -> [Stroke] {
    TopHat.Polarity.allCases.compactMap { polarity in
      let seen = found.compactMap { $0.first { $0.polarity == polarity } }
      guard seen.count * 2 >= found.count, !seen.isEmpty else { return nil }
      func median(_ values: [Float]) -> Float { values.sorted()[values.count / 2] }
      return Stroke(
        polarity: polarity, color: (0..<3).map { channel in median(seen.map { $0.color[channel] }) },
        height: median(seen.map(\.height)))
    }
  }

  /// Whether between the strokes lie colours that the surroundings lack.
  private func hasGroundOfItsOwn(_ image: RGBImage, _ box: Region) -> Bool {
    let covered = coverage(in: image, box: box).dilated(radius: 1 + radius / 3)
    let beside = ColorBins(image) { !box.contains(x: $0 % image.width, y: $0 / image.width) }
    var between = 0
    var foreign = 0
    for y in box.y..<box.maxY {
      for x in box.x..<box.maxX where covered[x, y] == 0 {
        between += 1
        if !beside.holds(image[x, y]) { foreign += 1 }
      }
    }
    return between * 4 < box.width * box.height || foreign * 20 > between
  }

  /// Pixels of the stroke's colour that stand out, and what rises with them: hysteresis, as in Canny's edges.
  private func seeds(of stroke: Stroke, _ image: RGBImage, _ box: Region) -> Plane<UInt8> {
    let heights = TopHat(image, radius: radius, polarity: stroke.polarity).heights
    let color = SIMD4<Float>(stroke.color[0], stroke.color[1], stroke.color[2], 0)
    let low = max(StrokeReading.noiseFloor, stroke.height / 5)
    var rising = Plane<UInt8>(width: image.width, height: image.height, repeating: 0)
    var certain = rising
    for y in box.y..<box.maxY {
      for x in box.x..<box.maxX where heights[x, y] > low {
        let away = image.level(x, y) - color
        let distance = max(abs(away.x), abs(away.y), abs(away.z))
        if distance < 2 * stroke.height { rising[x, y] = 255 }
        if distance < max(24, stroke.height / 3) { certain[x, y] = 255 }
      }
    }
    let parts = rising.components()
    var certainArea = [Int](repeating: 0, count: parts.count + 1)
    for i in certain.samples.indices where certain.samples[i] != 0 { certainArea[Int(parts.labels.samples[i])] += 1 }
    return parts.coverage { certainArea[Int($0)] > max(1, radius / 2) }
  }
}
