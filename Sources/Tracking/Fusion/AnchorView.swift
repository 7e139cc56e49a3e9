/// An object as a person last marked it, to be laid over where it is thought to be.
struct AnchorView: Sendable {
  private let index: UInt8
  private let labels: [UInt8]
  /// Planes L, a, b.
  private let lab: [Float]
  private let pose: Pose
  private let width: Int
  private let height: Int

  /// - Parameters:
  ///   - index: the object's among `labels`, a label for each cell of the grid.
  ///   - pose: where all of the object is on that frame.
  init(index: UInt8, labels: [UInt8], lab: [Float], pose: Pose, width: Int) {
    self.index = index
    self.labels = labels
    self.lab = lab
    self.pose = pose
    self.width = width
    height = labels.count / width
  }

  /// Of a cell at a place of the object's own coordinates: how far, from -1 to 1, it was marked there, whether the frame showed it, and how
  /// much it differs in colour.
  func told(_ place: SIMD2<Float>, _ now: [Float], _ cell: Int, _ cells: Int) -> (Float, Float, Float) {
    let at = pose.center + place * pose.half
    let (x, y) = (Int(at.x.rounded()), Int(at.y.rounded()))
    guard x >= 0, y >= 0, x < width, y < height else { return (0, 0, 0) }
    let there = y &* width &+ x
    let difference =
      abs(now[cell] - lab[there]) + abs(now[cells &+ cell] - lab[cells &+ there])
      + abs(now[2 &* cells &+ cell] - lab[2 &* cells &+ there])
    return (labels[there] == index ? 1 : -1, 1, min(2, 2 * difference))
  }
}
