/// How evidence is weighed. Chosen on three clips and eight composites of `track-benchmark`.
enum Tuning {
  /// The most that being inside the carried outline can say, in log-odds, and how fast it grows a cell.
  static let inside: Float = 3
  static let slopeIn: Float = 0.6
  /// The same outside.
  static let outside: Float = 5
  static let slopeOut: Float = 0.5
  /// How much the log-odds with the place count against those by look alone.
  static let place: Float = 0.7
  /// The most that appearance can say, in log-odds.
  static let limit: Float = 5
  /// Beyond this many half sizes from the object's centre every further one takes `far` from the log-odds.
  static let beyond: Float = 1.4
  static let far: Float = 4
  /// How much the background's log-odds count, and the most that they can say for and against an object.
  static let plate: Float = 0.6
  static let plateFor: Float = 2
  static let plateAgainst: Float = 3
  /// The same, either way, of the motion of cells whose background is not known.
  static let motionLimit: Float = 2
  /// How far, in the sum of L, a and b, an object may differ from the background.
  static let spread: Float = 1.5
  /// The least share of the flow that one camera motion must account for.
  static let leastPlane: Float = 0.25
  /// A cell that differs from the background by so many times the usual shows something else.
  static let odd: Float = 4
  /// How much counts of what the network adds to the score.
  static let fusion: Float = 0.5
  /// How strongly equal neighbours hold together.
  static let strength: Float = 3
  /// A colour difference that says nothing about which motion is right.
  static let slack: Float = 0.03
  /// An object with less than this share of its area in support is looked for everywhere.
  static let lost: Float = 0.25
  /// The least score of a place where it is found again.
  static let found: Float = 0.45
  /// An object with less confidence than `doubt` on `patience` frames in a row is looked for everywhere, and taken to be
  /// where the score is higher by `clearly`.
  static let doubt: Float = 0.45
  static let patience = 4
  static let clearly: Float = 0.3
  /// The least confidence of a mask that is learnt from.
  static let trust: Float = 0.5
}
