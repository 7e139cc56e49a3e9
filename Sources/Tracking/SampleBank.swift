/// Labelled cells to learn from.
struct SampleBank: Sendable {
  /// `PixelFeatures.count` values a sample, one sample after another.
  private(set) var features: [Float] = []
  /// 0 background, k the k-th object in order of appearance.
  private(set) var labels: [UInt8] = []
  private var cells: [SIMD2<Float>] = []
  private var scenes: [Int32] = []
  /// For each scene the poses of the objects there; nil where one is absent.
  private var poses: [[Pose?]] = []

  var count: Int { labels.count }

  mutating func beginScene(_ poses: [Pose?]) { self.poses.append(poses) }

  mutating func append(cell: Int, of source: PixelFeatures, label: UInt8) {
    let stride = source.cells
    for i in 0..<PixelFeatures.count { features.append(source.planes[i &* stride &+ cell]) }
    labels.append(label)
    cells.append(SIMD2(Float(cell % source.width), Float(cell / source.width)))
    scenes.append(Int32(poses.count - 1))
  }

  mutating func append(_ other: SampleBank) {
    features.append(contentsOf: other.features)
    labels.append(contentsOf: other.labels)
    cells.append(contentsOf: other.cells)
    scenes.append(contentsOf: other.scenes.map { $0 + Int32(poses.count) })
    poses.append(contentsOf: other.poses)
  }

  /// Where sample `index` lies in the coordinates of the object `k` (from 0).
  func place(_ index: Int, object k: Int) -> SIMD2<Float> {
    let poses = poses[Int(scenes[index])]
    guard k < poses.count, let pose = poses[k] else { return SIMD2(Pose.reach, Pose.reach) }
    return pose.place(cells[index].x, cells[index].y)
  }
}
