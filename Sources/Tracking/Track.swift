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
  /// As it was when it had learnt the anchors alone: what came later cannot mislead it.
  var anchorModel: AppearanceModel
  var anchors = SampleBank()
  var memory: FrameMemory
  var random: RandomSource
  private(set) var frames = 0
  private(set) var previous: (mask: Mask, pyramid: OpticalFlow.Pyramid, lab: [Float])?

  init(_ frame: RGBImage, options: TrackingOptions) {
    width = frame.width
    height = frame.height
    grid = WorkingGrid(width: frame.width, height: frame.height, area: options.workingArea)
    self.options = options
    random = RandomSource(seed: 0x434C_4541_4E50_4C54)
    model = AppearanceModel(random: &random)
    anchorModel = model
    memory = FrameMemory(length: options.longTermMemoryLength)
  }

  /// A person's mask: the truth.
  mutating func accept(_ correction: Mask) -> TrackedMask {
    for label in correction.objects where !objects.contains(where: { $0.label == label }) {
      objects.append(FollowedObject(label: label))
      anchorModel.addObject(random: &random)
    }
    return TrackedMask(
      mask: correction, confidence: Dictionary(uniqueKeysWithValues: objects.map { ($0.label, 1) }))
  }

  /// Lets the flow carry what was known of the frame before. Nil on the first frame.
  mutating func advance(_ seen: Observation) -> CarriedLabels? {
    guard let previous else { return nil }
    let flow = seen.flow(to: previous.pyramid)
    let carried = CarriedLabels(flow: flow, mask: previous.mask, grid: grid, before: previous.lab, now: seen.lab)
    for k in objects.indices {
      guard let pose = objects[k].pose else { continue }
      if let box = carried.boxes[Int(objects[k].label)] {
        let isCarried = carried.isCarried(objects[k].label, region: box)
        objects[k].move(PoseMotion(flow: flow, region: box) { isCarried[$0] })
      } else {
        objects[k].move(PoseMotion(flow: flow, region: pose.box(scale: 1, within: grid.bounds)) { _ in true })
      }
    }
    return carried
  }

  /// Learns from a frame whose masks are settled.
  mutating func absorb(_ seen: Observation, correction: Mask?, tracked: TrackedMask) {
    let labels = indices(grid.labels(of: tracked.mask))
    for k in objects.indices {
      let index = UInt8(k + 1)
      let found = Pose(of: index, labels, width: grid.width, within: grid.bounds)
      let area = Float(labels.reduce(0) { $0 + ($1 == index ? 1 : 0) })
      if correction != nil { objects[k].accept(found, area: area) } else { objects[k].update(found, area: area) }
    }
    if correction != nil {
      learnAnchor(seen, labels)
    } else {
      learnFrame(seen, labels, tracked)
    }
    previous = (tracked.mask, seen.pyramid, seen.lab)
    frames += 1
  }

  /// Labels to indices in order of appearance; labels that are not followed to 0.
  private func indices(_ labels: Plane<UInt8>) -> [UInt8] {
    var table = [UInt8](repeating: 0, count: 256)
    for (k, object) in objects.enumerated() { table[Int(object.label)] = UInt8(k + 1) }
    return labels.samples.map { table[Int($0)] }
  }
}
