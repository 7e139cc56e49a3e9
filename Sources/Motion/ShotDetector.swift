import Imaging

/// Finds where one shot ends and the next begins, from frames handed in one after another.
///
/// Works on thumbnails of 96x54, so that it costs little at any size, and keeps only a few of them. A cut is a frame
/// whose colours and shapes both differ from the frame before, more than the surroundings do, and that does not go back
/// at once as a flash does. Fades through a plain colour and dissolves end a shot too.
public struct ShotDetector: Sendable {
  /// Frames before and after that a decision looks at.
  static let reach = 8

  private var recent: [ShotThumbnail] = []
  private var steps: [Step] = []
  private var count = 0
  private var cuts: [Int] = []
  private var fade = FadeWatch()
  private var dissolve = DissolveWatch()

  /// From a frame to the next.
  private struct Step: Sendable {
    let color: Float
    let shape: Float
    var strength: Float { color + shape }
  }

  public init() {}

  /// Takes the next frame, of any size.
  public mutating func add(_ image: RGBImage) {
    let thumbnail = ShotThumbnail(image)
    if let last = recent.last {
      let color = last.colorDistance(to: thumbnail)
      steps.append(Step(color: color, shape: last.shapeDistance(to: thumbnail)))
    } else {
      steps.append(Step(color: 0, shape: 0))
    }
    recent.append(thumbnail)
    if recent.count > 2 * Self.reach + 1 { recent.removeFirst() }
    count += 1
    if let cut = fade.add(thumbnail, index: count - 1) { cuts.append(cut) }
    if count > Self.reach { decide(count - 1 - Self.reach) }
    if recent.count == 2 * Self.reach + 1 {
      if let cut = dissolve.add(recent, middle: count - 1 - Self.reach) { cuts.append(cut) }
    }
  }

  /// The indices of the frames that begin a new shot, ascending; 0 is not among them. No frame may be added afterwards.
  public mutating func finish() -> [Int] {
    for index in max(0, count - Self.reach)..<count { decide(index) }
    if let cut = dissolve.finish() { cuts.append(cut) }
    // One transition may be seen by two rules.
    var kept: [Int] = []
    for cut in cuts.sorted() where kept.last.map({ cut - $0 > Self.reach / 2 }) ?? true { kept.append(cut) }
    return kept
  }

  /// Decides whether `index` begins a shot; up to `reach` frames beyond it are known.
  private mutating func decide(_ index: Int) {
    guard index > 0 else { return }
    let step = steps[index]
    guard step.shape > 0.25 else { return }
    let near = strengths(around: index, within: 3)
    guard near.before.allSatisfy({ $0 < step.strength }), near.after.allSatisfy({ $0 <= step.strength }) else { return }
    let wide = strengths(around: index, within: Self.reach)
    let ordered = (wide.before + wide.after).sorted()
    let median = ordered.isEmpty ? 0 : ordered[ordered.count / 2]
    let differs = step.color > 0.35 && step.strength > max(0.8, min(1.5, 4 * median))
    // Shots of the same palette: the shapes alone tell, where they change at once and nothing like it is near.
    let isAlone = (near.before + near.after).allSatisfy { 2 * $0 < step.strength }
    let breaks = step.shape > 0.45 && step.color > 0.12 && isAlone
    if differs || breaks, !goesBack(index) { cuts.append(index) }
  }

  private func strengths(around index: Int, within distance: Int) -> (before: [Float], after: [Float]) {
    let before = steps[max(1, index - distance)..<index].map(\.strength)
    let after = steps[index + 1..<max(index + 1, min(steps.count, index + distance + 1))].map(\.strength)
    return (before, after)
  }

  /// Whether a frame soon after `index` looks as the one before it did, or the other way round: a flash.
  private func goesBack(_ index: Int) -> Bool {
    let first = count - recent.count
    guard index - 1 >= first else { return false }
    let before = recent[index - 1 - first]
    for after in (index + 1)..<max(index + 1, min(count, index + 5)) where alike(before, recent[after - first]) {
      return true
    }
    let here = recent[index - first]
    for earlier in max(first, index - 5)..<max(first, index - 1) where alike(here, recent[earlier - first]) {
      return true
    }
    return false
  }

  private func alike(_ a: ShotThumbnail, _ b: ShotThumbnail) -> Bool {
    a.colorDistance(to: b) < 0.35 && a.shapeDistance(to: b) < 0.35
  }

  /// The image shrunk or grown to 96x54: means over up to 4x4 samples of each cell.
  public static func thumbnail(_ image: RGBImage) -> RGBImage {
    let (width, height) = (ShotThumbnail.width, ShotThumbnail.height)
    var out = RGBImage(width: width, height: height)
    let columns = (0..<width * 4).map { (2 * $0 + 1) * image.width / (width * 8) }
    image.pixels.withUnsafeBufferPointer { pixels in
      for y in 0..<height {
        for x in 0..<width {
          var sum = SIMD4<UInt32>(repeating: 8)
          for sub in 0..<4 {
            let row = (2 * (y * 4 + sub) + 1) * image.height / (height * 8) * image.width
            for column in columns[x * 4..<x * 4 + 4] { sum &+= SIMD4<UInt32>(truncatingIfNeeded: pixels[row + column]) }
          }
          out[x, y] = SIMD4<UInt16>(truncatingIfNeeded: sum &>> 4)
        }
      }
    }
    return out
  }
}
