/// How evidence is weighed. Chosen on two clips with truth and eight composites; none is sharp.
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
  /// How strongly equal neighbours hold together.
  static let strength: Float = 3
  /// An object with less than this share of its area in support is looked for everywhere.
  static let lost: Float = 0.25
  /// The least score of a place where it is found again.
  static let found: Float = 0.45
}
