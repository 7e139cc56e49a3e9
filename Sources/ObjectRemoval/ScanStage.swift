import Imaging
import Motion
import VideoIO

/// What one pass over the clip tells: where its shots are, and whether all of it can be read.
struct Scan: Codable, Equatable {
  /// First frames of new shots within the range, ascending; the range's own first frame is not among them.
  var cuts: [Int] = []
  /// The first frame that a truncated file no longer holds.
  var end: Int?
  var damage = Damage()

  /// The shots of `range`.
  func shots(of range: ClosedRange<Int>) -> [ClosedRange<Int>] {
    let starts = [range.lowerBound] + cuts.filter { $0 > range.lowerBound && $0 <= range.upperBound }
    let ends = starts.dropFirst().map { $0 - 1 } + [range.upperBound]
    return zip(starts, ends).map { $0...$1 }
  }
}

/// Reads every frame once: finds the shot cuts, and finds damage before any work is built on it.
struct ScanStage {
  let clip: Clip
  let folder: StageFolder
  let meter: ProgressMeter

  func run() throws -> Scan {
    if let known = folder.value(Scan.self, "scan.json") {
      if let end = known.end { clip.truncate(before: end) }
      return known
    }
    let scan = try meter.stage(.scan, frames: clip.range.count) { try read() }
    try folder.write(scan, as: "scan.json")
    return scan
  }

  /// A film may break off; a folder of images with a broken one is a mistake to be told.
  private var isFilm: Bool { clip.info.container != "images" }

  private func read() throws -> Scan {
    var scan = Scan()
    var detector = ShotDetector()
    let first = clip.range.lowerBound
    for index in clip.range {
      do {
        detector.add(try clip.image(index))
      } catch let error as VideoIOError where error.code == .badData && index > first && isFilm {
        scan.end = index
        clip.truncate(before: index)
        break
      }
      try meter.advance(to: Double(index - first + 1))
    }
    scan.cuts = detector.finish().map { $0 + first }.filter { clip.range.contains($0) }
    scan.damage = clip.source.damage
    scan.damage.isTruncated = scan.damage.isTruncated || scan.end != nil
    return scan
  }
}
