import Imaging

/// What is known of one object beside its looks. Lengths are in cells.
struct FollowedObject: Sendable {
  let label: UInt8
  /// Where it was last seen.
  private(set) var box: Region?
  /// Cells it covered when last seen well.
  private(set) var area: Float = 0
  /// Frames since it was last seen.
  private(set) var missing = 0

  init(label: UInt8) { self.label = label }

  mutating func update(_ found: Region?, _ tracked: TrackedMask, _ labels: [UInt8]) {
    guard let found else {
      missing += 1
      return
    }
    box = found
    missing = 0
  }
}
