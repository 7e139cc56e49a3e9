import Imaging

/// The walks that follow the anchors' objects through a range, each with all that it depends on.
///
/// A frame where every object of its shot is marked parts the shot: what lies between two such frames depends on these two
/// and the shot's first alone. A correction there changes nothing beyond its neighbours. Where newcomers are looked for,
/// no shot is parted: one walk follows them to its end. An anchor that shows nothing parts none either, since what comes
/// back later must be known from before it: walks pass over it.
struct TrackPlan {
  private(set) var passes: [TrackPass] = []

  /// - Parameter cuts: first frames of new shots within `shots`, where those run on across cuts.
  init(
    anchors: [Int: Anchor], shots: [ClosedRange<Int>], cuts: [Int] = [], direction: TrackDirection = .both,
    newcomers: Newcomers? = nil
  ) {
    for shot in shots {
      let marked = anchors.filter { shot.contains($0.key) }
      let objects = marked.values.reduce(into: Set<UInt8>()) { $0.formUnion($1.objects) }
      let parting = marked.filter { !$0.value.showsNothing && $0.value.objects == objects }
      let whole = newcomers == nil ? parting.keys.sorted() : []
      let ends: [Int?] = [nil] + whole + [nil]
      for (start, end) in zip(ends, ends.dropFirst()) {
        let stretch = Stretch(
          range: (start ?? shot.lowerBound)...(end ?? shot.upperBound), startsWhole: start != nil,
          endsWhole: end != nil, founding: whole.first)
        passes += stretch.passes(marked, cuts, direction)
      }
    }
    for i in passes.indices where passes[i].direction == .forward { passes[i].newcomers = newcomers }
  }

  /// Frames from one anchor that shows every object to the next, both included, or to an end of the shot.
  private struct Stretch {
    let range: ClosedRange<Int>
    let startsWhole: Bool
    let endsWhole: Bool
    /// The shot's first frame where every object is marked.
    let founding: Int?

    func passes(_ marked: [Int: Anchor], _ cuts: [Int], _ direction: TrackDirection) -> [TrackPass] {
      let frames = marked.keys.filter { range.contains($0) && !marked[$0]!.showsNothing }
      guard let first = frames.min(), let last = frames.max() else { return [] }
      let upper = endsWhole ? range.upperBound - 1 : range.upperBound
      let lower = startsWhole ? range.lowerBound + 1 : range.lowerBound
      var passes: [TrackPass] = []
      if direction != .backward, first <= upper {
        passes.append(pass(first...upper, .forward, beyond: endsWhole ? range.upperBound : nil, marked, cuts))
      }
      // Where both ways are followed a lone anchor is the forward walk's.
      if direction == .backward ? last >= lower : direction == .both && last > lower {
        passes.append(pass(lower...last, .backward, beyond: startsWhole ? range.lowerBound : nil, marked, cuts))
      }
      return passes
    }

    private func pass(
      _ range: ClosedRange<Int>, _ direction: TrackPass.Direction, beyond: Int?, _ marked: [Int: Anchor], _ cuts: [Int]
    ) -> TrackPass {
      TrackPass(
        range: range, direction: direction, anchors: marked.filter { range.contains($0.key) },
        beyond: beyond.map { ($0, marked[$0]!) },
        founding: founding.flatMap { range.contains($0) || $0 == beyond ? nil : ($0, marked[$0]!) },
        cuts: cuts.filter { range.contains($0) && $0 > range.lowerBound })
    }
  }
}
