/// Labelled cells to learn from.
struct SampleBank: Sendable {
  /// `PixelFeatures.count` values a sample, one sample after another.
  private(set) var features: [Float] = []
  /// 0 background, k the k-th object in order of appearance.
  private(set) var labels: [UInt8] = []

  var count: Int { labels.count }

  mutating func append(cell: Int, of source: PixelFeatures, label: UInt8) {
    let cells = source.cells
    for i in 0..<PixelFeatures.count { features.append(source.planes[i &* cells &+ cell]) }
    labels.append(label)
  }

  mutating func append(_ other: SampleBank) {
    features.append(contentsOf: other.features)
    labels.append(contentsOf: other.labels)
  }
}
