import Imaging
import Tracking
import VideoIO

/// Follows the anchors' objects through their shots, forward and backward.
///
/// What an earlier run left in the folder is taken over where nothing that it depends on has changed: after a correction
/// only the frames between the neighbouring anchors are followed anew, and all masks are those of a fresh run.
struct TrackStage {
  let clip: Clip
  let folder: StageFolder
  let settings: RemovalSettings
  let meter: ProgressMeter

  /// - Parameter cuts: where the shots run on across cuts.
  func run(anchors: [Int: Anchor], shots: [ClosedRange<Int>], cuts: [Int] = []) throws -> Track {
    let marked = anchors.values.reduce(into: Set<UInt8>()) { $0.formUnion($1.objects) }
    let newcomers = settings.proposalGap.map { Newcomers(gap: $0, marked: marked, settings: settings) }
    let passes = TrackPlan(
      anchors: anchors, shots: shots, cuts: cuts, direction: settings.direction, newcomers: newcomers
    ).passes
    let walks = try passes.map {
      KeptMasks.Walk(folder: try $0.name(), first: $0.range.lowerBound, last: $0.range.upperBound)
    }
    try folder.write(walks, as: KeptMasks.list)
    try meter.stage(.track, frames: passes.reduce(0) { $0 + $1.range.count }) {
      var done = 0
      for pass in passes {
        var frames = pass.frames.makeIterator()
        try pass.run(clip: clip, folder: folder, tracker: Engines.tracker(settings)) { known in
          done += 1
          if let frame = frames.next() { meter.finish(frame...frame) }
          if known { meter.inherit(1) }
          try meter.advance(to: Double(done))
        }
      }
    }
    return try Track(passes: passes, anchors: anchors, shots: shots, clip: clip, folder: folder)
  }
}
