import Foundation

/// What clicks lead to one after another: the first one's answer, mended by each later one.
///
/// A click is made where an answer is wrong, so it speaks of that side alone: one inside adds to the answer, one outside
/// takes from it, and what nobody clicked on stays.
struct ClickReplay: Sendable {
  /// Weights of what the answer so far says against a change, and its limit.
  private static let memory: (weight: Float, limit: Float) = (2, 4)
  /// Log-odds that a click lends to a change of the regions around it.
  private static let changeOdds: Float = 8
  /// The network's say beside the rule's, and what its odds are taken times: a cut prefers short contours to likely regions.
  private static let (networkShare, sharpness): (Float, Float) = (0.5, 3)
  /// The least log-odds of what a click leaves as it is.
  private static let kept: Float = 1

  /// Log-odds of belonging for each superpixel, 0 at the best place to part.
  private(set) var logits: [Float]
  /// The same as the fitted models and what moves give them for all clicks together.
  private(set) var calibrated: [Float]
  private var labels: [Bool]
  private let scene: Scene
  /// How surely each superpixel moves as the clicks inside do.
  private var motionEvidence: [Float]?
  /// The same where there is one click inside alone.
  var soleEvidence: [Float]? { given.inside.count == 1 ? motionEvidence : nil }
  /// Clicks of each side in the order given, and the regions around each.
  private var given = Seeds()
  private var regions: (inside: [ClickedRegions], outside: [ClickedRegions]) = ([], [])
  /// Superpixels that stay on their side; where two clicks disagree the later one counts, but one inside always stays.
  private(set) var pinned = Seeds()

  /// - Parameter seeds: hold one inside at least.
  static func play(_ seeds: Seeds, on scene: Scene, memo: ReplayMemo) -> ClickReplay {
    var path = [ReplayMemo.Step(seed: seeds.inside[0], isInside: true)]
    var replay = memo.state(after: path) ?? ClickReplay(scene, first: seeds.inside[0])
    memo.keep(replay, after: path)
    while let mark = replay.next(of: seeds) {
      path += mark.seeds.map { ReplayMemo.Step(seed: $0, isInside: mark.isInside) }
      if let known = memo.state(after: path) {
        replay = known
      } else {
        replay.mend(mark.seeds, isInside: mark.isInside)
        memo.keep(replay, after: path)
      }
    }
    return replay
  }

  private init(_ scene: Scene, first: Seeds.Seed) {
    self.scene = scene
    given.inside = [first]
    pinned = given
    regions.inside = [ClickedRegions(scene, seed: first, opposite: [])]
    let features = ClickFeatures(scene, seeds: given, inside: regions.inside, outside: [])
    calibrated = features.odds(scene)
    motionEvidence = scene.motionEvidence(for: given.inside)
    if let motionEvidence { calibrated.add(scene.motionOdds(of: given, motionEvidence)) }
    logits = ExpectedOverlap.parted(scene, calibrated)
    labels = RegionCut.labels(scene, logits: logits, seeds: pinned)
  }

  /// The next click or stroke: one that calls the answer wrong before one that says nothing new.
  private func next(of seeds: Seeds) -> (seeds: [Seeds.Seed], isInside: Bool)? {
    let inside = ClickReplay.firstMark(seeds.inside.dropFirst(given.inside.count))
    let outside = ClickReplay.firstMark(seeds.outside.dropFirst(given.outside.count))
    guard let within = inside.first else { return outside.isEmpty ? nil : (outside, false) }
    guard let beyond = outside.first, labels[within.superpixel], labels[beyond.superpixel] else {
      return (inside, true)
    }
    return (outside, false)
  }

  private static func firstMark(_ seeds: ArraySlice<Seeds.Seed>) -> [Seeds.Seed] {
    guard let mark = seeds.first?.mark else { return [] }
    return Array(seeds.prefix { $0.mark == mark })
  }

  private mutating func mend(_ seeds: [Seeds.Seed], isInside: Bool) {
    let seen = see(seeds, isInside: isInside)
    calibrated = FittedModels.correction.logits(seen, on: scene.cells, threads: scene.threads)
    logits = seen.odds
    for i in logits.indices where seen.isWrong[i] {
      logits[i] += ClickReplay.networkShare * (ClickReplay.sharpness * calibrated[i] - logits[i])
    }
    labels = RegionCut.labels(scene, logits: logits, seeds: pinned)
  }

  /// Takes a click or stroke in, and tells what is to be known of the answer after it.
  mutating func see(_ seeds: [Seeds.Seed], isInside: Bool) -> CorrectionFeatures {
    let clicked = seeds.map {
      ClickedRegions(scene, seed: $0, opposite: isInside ? given.outside : given.inside)
    }
    take(seeds, clicked, isInside: isInside)
    let isWrong = labels.map { $0 != isInside }
    let prior = ChangedRegions(scene, clicked: clicked, isWrong: isWrong, area: area, isInside: isInside).prior
    let features = ClickFeatures(scene, seeds: given, inside: regions.inside, outside: regions.outside)
    calibrated = features.odds(scene)
    if isInside { motionEvidence = scene.motionEvidence(for: given.inside) }
    if let motionEvidence { calibrated.add(scene.motionOdds(of: given, motionEvidence)) }
    return CorrectionFeatures(
      scene, features, calibrated: calibrated, odds: ruled(prior, isWrong: isWrong, isInside: isInside),
      CorrectionFeatures.Change(
        logits: logits, isWrong: isWrong, area: area, seeds: seeds, isInside: isInside, prior: prior))
  }

  /// What is on the click's side stays; what is not changes by the odds of all clicks and the regions around this one.
  private func ruled(_ change: [Float], isWrong: [Bool], isInside: Bool) -> [Float] {
    let sign: Float = isInside ? 1 : -1
    let parted = ExpectedOverlap.parted(scene, calibrated)
    let (weight, limit) = ClickReplay.memory
    return logits.indices.map { i in
      let before = sign * logits[i]
      return isWrong[i]
        ? parted[i] + sign * (weight * before.within(limit) + ClickReplay.changeOdds * change[i])
        : sign * max(ClickReplay.kept, before)
    }
  }

  /// Adds a mark to what is given, and narrows the regions around clicks of the other side to what it leaves them.
  private mutating func take(_ seeds: [Seeds.Seed], _ clicked: [ClickedRegions], isInside: Bool) {
    let places = Set(seeds.map(\.superpixel))
    if isInside {
      given.inside += seeds
      pinned.inside += seeds
      pinned.outside.removeAll { places.contains($0.superpixel) }
      regions.inside += clicked
      narrow(&regions.outside, of: given.outside, places, opposite: given.inside)
    } else {
      given.outside += seeds
      pinned.outside += seeds
      let rest = pinned.inside.filter { !places.contains($0.superpixel) }
      if !rest.isEmpty { pinned.inside = rest }
      regions.outside += clicked
      narrow(&regions.inside, of: given.inside, places, opposite: given.outside)
    }
  }

  private func narrow(
    _ regions: inout [ClickedRegions], of seeds: [Seeds.Seed], _ places: Set<Int>, opposite: [Seeds.Seed]
  ) {
    for i in seeds.indices where places.contains(where: { regions[i].bestScores[$0] > 0 }) {
      regions[i] = ClickedRegions(scene, seed: seeds[i], opposite: opposite)
    }
  }

  private var area: Float {
    labels.indices.reduce(0) { labels[$1] ? $0 + scene.graph.regions[$1].area : $0 }
  }
}
