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
  private(set) var plate: BackgroundPlate
  /// From the cells of the present frame to those of the one before; nil where no camera motion fits.
  private(set) var camera: Homography?
  var random: RandomSource
  private(set) var frames = 0
  private(set) var previous: (mask: Mask, pyramid: OpticalFlow.Pyramid, lab: [Float])?

  init(_ frame: RGBImage, options: TrackingOptions) {
    width = frame.width
    height = frame.height
    grid = WorkingGrid(width: frame.width, height: frame.height, area: options.workingArea)
    self.options = options
    random = RandomSource(seed: 0x434C_4541_4E50_4C54 &+ options.draws)
    model = AppearanceModel(random: &random)
    anchorModel = model
    memory = FrameMemory(length: options.longTermMemoryLength)
    plate = BackgroundPlate(width: grid.width, height: grid.height)
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

  var isBegun: Bool { frames > 0 }

  /// The masks of a frame elsewhere in the clip.
  mutating func remember(_ seen: Observation, _ mask: Mask) {
    _ = accept(mask)
    let labels = indices(grid.labels(of: mask))
    for k in objects.indices {
      let shown = shown(k, labels)
      objects[k].recall(shown.pose, area: shown.area)
    }
    remember(seen, labels)
  }

  /// What was known of the frame before does not tell where anything is on the next.
  mutating func cut() {
    previous = nil
    follow(nil)
    for k in objects.indices { objects[k].forgetPlace() }
  }

  /// Lets the flow carry what was known of the frame before. Nil on the first frame of a shot.
  mutating func advance(_ seen: Observation) -> CarriedLabels? {
    guard let previous else { return nil }
    let flow = seen.flow(to: previous.pyramid)
    let carried = CarriedLabels(flow: flow, mask: previous.mask, grid: grid, before: previous.lab, now: seen.lab)
    follow(CameraMotion.estimate(flow: flow, ignoring: carried.occupied))
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
      let shown = shown(k, labels)
      if correction != nil {
        objects[k].accept(shown.pose, area: shown.area, within: grid.bounds)
        if shown.pose != nil, let pose = objects[k].pose {
          objects[k].see(AnchorView(index: UInt8(k + 1), labels: labels, lab: seen.lab, pose: pose, width: grid.width))
        }
      } else {
        objects[k].update(
          shown.pose, area: shown.area, confidence: tracked.confidence[objects[k].label] ?? 0)
      }
    }
    if correction != nil {
      learnAnchor(seen, labels)
    } else {
      learnFrame(seen, labels, tracked)
    }
    learnBackground(seen, labels, isSure: correction != nil || isSure(tracked))
    previous = (tracked.mask, seen.pyramid, seen.lab)
    frames += 1
  }

  /// What `labels` show of the object `k` (from 0), in cells.
  func shown(_ k: Int, _ labels: [UInt8]) -> (pose: Pose?, area: Float) {
    let index = UInt8(k + 1)
    return (
      Pose(of: index, labels, width: grid.width, within: grid.bounds),
      Float(labels.reduce(0) { $0 + ($1 == index ? 1 : 0) })
    )
  }

  private func isSure(_ tracked: TrackedMask) -> Bool {
    objects.allSatisfy { (tracked.confidence[$0.label] ?? 0) > Tuning.trust }
  }

  /// The background goes along with the camera; nil: it is not known any more.
  private mutating func follow(_ motion: CameraMotion?) {
    guard let motion, motion.inlierShare > Tuning.leastPlane else {
      plate = BackgroundPlate(width: grid.width, height: grid.height)
      camera = nil
      return
    }
    plate.move(by: motion.homography)
    camera = motion.homography
  }

  /// What lies well outside all objects is background; cells never seen before only while no object may be lost there.
  private mutating func learnBackground(_ seen: Observation, _ labels: [UInt8], isSure: Bool) {
    let distance = SignedDistance.of(labels.map { $0 != 0 }, width: grid.width, height: grid.height, limit: 8)
    plate.learn(seen.lab, isBackground: distance.map { $0 < -3 }, takesNew: isSure)
  }

  /// Labels to indices in order of appearance; labels that are not followed to 0.
  private func indices(_ labels: Plane<UInt8>) -> [UInt8] {
    var table = [UInt8](repeating: 0, count: 256)
    for (k, object) in objects.enumerated() { table[Int(object.label)] = UInt8(k + 1) }
    return labels.samples.map { table[Int($0)] }
  }
}
