import Imaging

/// What is known of one object beside its looks. Lengths are in cells.
struct FollowedObject: Sendable {
  let label: UInt8
  /// Where it is, or is thought to be while it is hidden.
  private(set) var pose: Pose?
  /// The share of its box that it filled when a person last showed it.
  private var filled: Float = 0.5
  /// How it moved to the present frame.
  private(set) var motion = PoseMotion()
  /// Frames since it was last seen.
  private(set) var missing = 0
  /// Frames in a row on which its mask was doubtful.
  private(set) var doubted = 0
  /// By all masks that persons gave.
  private(set) var extent = ObjectExtent()

  /// As a person last marked it on a frame that was passed.
  private(set) var view: AnchorView?

  init(label: UInt8) { self.label = label }

  mutating func see(_ view: AnchorView) { self.view = view }

  /// The cells it should cover, were it not hidden.
  var expectedArea: Float { pose.map { 4 * $0.half.x * $0.half.y * filled } ?? 0 }

  /// Takes the truth of a frame elsewhere in the clip.
  mutating func recall(_ found: Pose?, area: Float) {
    if let found { extent.take(found, area: area) }
  }

  /// Takes the truth of a frame; `found` is nil where the object is absent.
  mutating func accept(_ found: Pose?, area: Float, within bounds: Region) {
    recall(found, area: area)
    doubted = 0
    if let found {
      let whole = extent.whole(found, area: area, within: bounds)
      pose = whole.pose
      filled = area / (whole.share * 4 * whole.pose.half.x * whole.pose.half.y)
      missing = 0
    } else {
      missing += 1
    }
  }

  /// It may be anywhere.
  mutating func forgetPlace() { missing = max(missing, 1000) }

  /// Goes along with the flow.
  mutating func move(_ motion: PoseMotion) {
    self.motion = motion
    pose = pose.map(motion.applied(to:))
  }

  /// Takes what was tracked; the pose before is where the flow carried it.
  mutating func update(_ found: Pose?, area: Float, confidence: Float) {
    doubted = confidence < Tuning.doubt ? doubted + 1 : 0
    guard let found, let carried = pose, area > 0.02 * expectedArea else {
      missing += 1
      return
    }
    let wasMissing = missing > 3
    missing = 0
    if wasMissing {
      pose = Pose(center: found.center, half: carried.half)
      return
    }
    let share = area / expectedArea
    // A mask much smaller than expected is hidden in part, a much larger one leaks: neither tells where the object is.
    let trust: Float = share > 0.75 && share < 1.3 ? 0.3 : share > 0.5 && share < 1.6 ? 0.1 : 0.02
    pose = Pose(
      center: carried.center + (found.center - carried.center) * trust,
      half: carried.half + (found.half - carried.half) * (trust * 0.7))
  }
}
