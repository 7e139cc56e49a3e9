import Imaging
import Motion

/// All that is remembered from frame to frame.
struct Track: Sendable {
  let width: Int
  let height: Int
  let grid: WorkingGrid
  let options: TrackingOptions
  /// Labels in order of appearance; the k-th (from 1) has index k in models and samples.
  private(set) var objects: [FollowedObject] = []
  var model: AppearanceModel
  var anchors = SampleBank()
  var memory: FrameMemory
  var random: RandomSource
  private(set) var frames = 0
  private(set) var previous: (mask: Mask, pyramid: OpticalFlow.Pyramid)?

  init(_ frame: RGBImage, options: TrackingOptions) {
    width = frame.width
    height = frame.height
    grid = WorkingGrid(width: frame.width, height: frame.height, area: options.workingArea)
    self.options = options
    random = RandomSource(seed: 0x434C_4541_4E50_4C54)
    model = AppearanceModel(random: &random)
    memory = FrameMemory(length: options.longTermMemoryLength)
  }

  /// A person's mask: the truth.
  mutating func accept(_ correction: Mask) -> TrackedMask {
    for label in correction.objects where !objects.contains(where: { $0.label == label }) {
      objects.append(FollowedObject(label: label))
      model.addObject(random: &random)
    }
    return TrackedMask(
      mask: correction, confidence: Dictionary(uniqueKeysWithValues: objects.map { ($0.label, 1) }))
  }

  /// Learns from a frame whose masks are settled.
  mutating func absorb(_ seen: Observation, correction: Mask?, tracked: TrackedMask) {
    let labels = indices(grid.labels(of: tracked.mask))
    for k in objects.indices { objects[k].update(Self.box(of: UInt8(k + 1), labels, grid), tracked, labels) }
    if correction != nil {
      learnAnchor(seen, labels)
    } else {
      learnFrame(seen, labels, tracked)
    }
    previous = (tracked.mask, seen.pyramid)
    frames += 1
  }

  /// Labels to indices in order of appearance; labels that are not followed to 0.
  private func indices(_ labels: Plane<UInt8>) -> [UInt8] {
    var table = [UInt8](repeating: 0, count: 256)
    for (k, object) in objects.enumerated() { table[Int(object.label)] = UInt8(k + 1) }
    return labels.samples.map { table[Int($0)] }
  }

  static func box(of index: UInt8, _ labels: [UInt8], _ grid: WorkingGrid) -> Region? {
    var (left, top, right, bottom) = (Int.max, Int.max, -1, -1)
    for y in 0..<grid.height {
      for x in 0..<grid.width where labels[y * grid.width + x] == index {
        left = min(left, x)
        right = max(right, x)
        top = min(top, y)
        bottom = y
      }
    }
    return right < 0 ? nil : Region(x: left, y: top, width: right - left + 1, height: bottom - top + 1)
  }
}
