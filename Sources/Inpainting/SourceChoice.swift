import Imaging

/// Picks one candidate a site so that neighbours, and the previous frame, borrow from sources that fit together:
/// a labelling problem with photomontage seams (Agarwala et al. 2004), solved by iterated conditional modes in
/// red-black order from the best of the data terms.
struct SourceChoice {
  let candidates: Candidates
  /// Not 0 at sites of the hole; the others are the ring around it, whose colours are known.
  let isHole: [Bool]
  /// The known colours of the ring's sites.
  let actual: [SIMD4<Float>]
  /// What the previous frame's result says of each site, nil where it says nothing.
  let previous: [SIMD4<Float>?]
  let coherent: Bool
  let asksRing: Bool
  let threads: Int

  init(
    candidates: Candidates, hole: Plane<UInt8>, image: RGBImage, previous: [SIMD4<Float>?],
    options: InpaintingOptions, threads: Int
  ) {
    self.candidates = candidates
    let sites = candidates.sites
    let holes = hole.squares(of: sites.step)
    isHole = sites.pixels.map { holes.samples[Int($0)] != 0 }
    actual = (0..<sites.count).map { image.bilinear(sites.place($0).x, sites.place($0).y) }
    self.previous = previous
    coherent = options.choosesCoherently
    asksRing = options.asksRing
    self.threads = threads
  }

  static let disagreementCap: Float = 40
  static let missingPenalty: Float = 12
  private static let sweeps = 6
  private static let temporalWeight: Float = 0.35
  private static let seamWeight: Float = 0.5
  private static let window = 1
  /// Evidence where no other source says anything, in levels.
  private static let unwitnessed: Float = 12
  /// Pixels from the ring at which what a slot shows there counts half.
  private static let ringReach: Float = 30
  /// Cost of each level by which neighbours' sources are further apart, or closer, than the neighbours are.
  private static let distortionWeight: Float = 12

  /// The slot chosen for each site, -1 where there is no candidate.
  func solve() -> [Int32] {
    let costs = dataCosts()
    var labels = best(of: costs)
    guard coherent else { return labels }
    let groups = candidates.sites.checkerboard
    // A site whose neighbours kept their labels keeps its own.
    var isStale = [Bool](repeating: true, count: labels.count)
    for _ in 0..<SourceChoice.sweeps {
      var changed = false
      for group in groups {
        let stale = group.filter { isStale[$0] }
        for site in stale { isStale[site] = false }
        for site in relabel(stale, costs, &labels) {
          changed = true
          let around = candidates.sites.neighbours(site)
          for side in 0..<4 where around[side] >= 0 { isStale[around[side]] = true }
        }
      }
      if !changed { break }
    }
    return labels
  }

  private func best(of costs: [Float]) -> [Int32] {
    let count = candidates.sites.count
    return (0..<count).map { site in
      var label: Int32 = -1
      var lowest = Float.infinity
      for slot in 0..<candidates.slots where candidates.frame[slot * count + site] >= 0 {
        if costs[slot * count + site] < lowest {
          lowest = costs[slot * count + site]
          label = Int32(truncatingIfNeeded: slot)
        }
      }
      return label
    }
  }

  /// The sites of a group whose labels changed.
  private func relabel(_ group: [Int], _ costs: [Float], _ labels: inout [Int32]) -> [Int] {
    let before = labels
    labels.withUnsafeMutableBufferPointer { labels in
      nonisolated(unsafe) let labels = labels
      Rows.concurrently(group.count, threads: threads, minimumBand: 512) { band in
        for index in band { labels[group[index]] = bestLabel(group[index], costs, before) }
      }
    }
    return group.filter { labels[$0] != before[$0] }
  }

  private func bestLabel(_ site: Int, _ costs: [Float], _ labels: [Int32]) -> Int32 {
    let count = candidates.sites.count
    let around = candidates.sites.neighbours(site)
    var chosen: Int32 = -1
    var lowest = Float.infinity
    // The label in force first: it is mostly the best, and rules out most others by their data cost alone.
    let first = max(0, Int(labels[site]))
    for turn in 0...candidates.slots {
      let slot = turn == 0 ? first : turn - 1
      guard candidates.frame[slot * count + site] >= 0 else { continue }
      var cost = costs[slot * count + site]
      if cost >= lowest { continue }
      for side in 0..<4 where around[side] >= 0 {
        let neighbour = around[side]
        cost += seam(slot, Int(labels[neighbour]), site, neighbour)
        if cost >= lowest { break }
      }
      if cost < lowest {
        lowest = cost
        chosen = Int32(truncatingIfNeeded: slot)
      }
    }
    return chosen
  }

  /// How visible it is that site `p` borrows by slot `a` and its neighbour `q` by slot `b`.
  @inline(__always)
  private func seam(_ a: Int, _ b: Int, _ p: Int, _ q: Int) -> Float {
    if a == b || b < 0 { return 0 }
    let count = candidates.sites.count
    var sum: Float = 0
    let atP = b * count + p
    let atQ = a * count + q
    sum +=
      candidates.frame[atP] >= 0
      ? difference(candidates.color[a * count + p], candidates.color[atP]) : SourceChoice.missingPenalty
    sum +=
      candidates.frame[atQ] >= 0
      ? difference(candidates.color[atQ], candidates.color[b * count + q]) : SourceChoice.missingPenalty
    // A site's sides are `step` pixels long where it stands for `step` squared.
    return (0.3 + SourceChoice.seamWeight * min(sum, 2 * SourceChoice.disagreementCap)) / Float(candidates.sites.step)
  }

  @inline(__always)
  private func difference(_ a: SIMD4<Float>, _ b: SIMD4<Float>) -> Float {
    (a - b).absoluteSum * (1 / 3)
  }

  /// Doubt, disagreement with independent candidates (or with the known colour of the ring) averaged over a small
  /// window, how wrong the slot is where the ring is nearest, and departure from the previous frame.
  private func dataCosts() -> [Float] {
    let count = candidates.sites.count
    let evidence = evidence()
    let nearest = asksRing ? NearestRing(candidates.sites, isHole: isHole) : nil
    var costs = [Float](repeating: 0, count: count * candidates.slots)
    costs.withUnsafeMutableBufferPointer { costs in
      nonisolated(unsafe) let costs = costs
      Rows.concurrently(candidates.slots, threads: threads, minimumBand: 1) { band in
        for slot in band {
          let averages = averaged(Array(evidence[slot * count..<(slot + 1) * count]))
          for site in 0..<count where candidates.frame[slot * count + site] >= 0 {
            costs[slot * count + site] =
              averages[site] + candidates.doubt[slot * count + site] + departure(slot, site)
              + (nearest.map { ringCost(slot, site, $0, averages) } ?? 0)
          }
        }
      }
    }
    return costs
  }

  /// How far a source is from what the previous frame says of the site.
  private func departure(_ slot: Int, _ site: Int) -> Float {
    guard let told = previous[site] else { return 0 }
    let difference = difference(told, candidates.color[slot * candidates.sites.count + site])
    return SourceChoice.temporalWeight * min(difference, SourceChoice.disagreementCap)
  }

  /// How wrong the slot is at the ring, the less the farther that is away.
  private func ringCost(_ slot: Int, _ site: Int, _ nearest: NearestRing, _ averages: [Float]) -> Float {
    let ring = nearest.ring[site]
    guard isHole[site], ring >= 0 else { return 0 }
    let isThere = candidates.frame[slot * candidates.sites.count + ring] >= 0
    return SourceChoice.ringReach / (SourceChoice.ringReach + nearest.distance[site])
      * (isThere ? averages[ring] : SourceChoice.unwitnessed)
  }

  /// How far the sources of `slot` around `site` are from lying as the sites themselves do, in pixels each pixel.
  private func distortion(_ slot: Int, _ site: Int) -> Float {
    let step = Float(candidates.sites.step)
    let count = candidates.sites.count
    let place = slot * count + site
    let around = candidates.sites.neighbours(site)
    var worst: Float = 0
    for side in [1, 3] where around[side] >= 0 {
      let other = slot * count + around[side]
      guard candidates.frame[other] == candidates.frame[place] else { continue }
      let dx = candidates.x[other] - candidates.x[place] - (side == 1 ? step : 0)
      let dy = candidates.y[other] - candidates.y[place] - (side == 3 ? step : 0)
      worst = max(worst, (abs(dx) + abs(dy)) / step)
    }
    return max(0, min(2, worst) - 0.08)
  }

  /// Disagreement in levels of each slot at each site, negative where there is no candidate.
  private func evidence() -> [Float] {
    let count = candidates.sites.count
    var evidence = [Float](repeating: -1, count: count * candidates.slots)
    evidence.withUnsafeMutableBufferPointer { evidence in
      nonisolated(unsafe) let evidence = evidence
      Rows.concurrently(count, threads: threads, minimumBand: 256) { band in
        var present: [Witness] = []
        for site in band {
          present.removeAll(keepingCapacity: true)
          for slot in 0..<candidates.slots where candidates.frame[slot * count + site] >= 0 {
            let place = slot * count + site
            present.append(
              Witness(slot: slot, weight: 1 / (1 + candidates.doubt[place]), color: candidates.color[place]))
          }
          for witness in present {
            evidence[witness.slot * count + site] =
              disagreement(of: witness, with: present, site)
              + SourceChoice.distortionWeight * distortion(witness.slot, site)
          }
        }
      }
    }
    return evidence
  }

  /// A candidate of one site.
  private struct Witness {
    var slot: Int
    /// As evidence against others.
    var weight: Float
    var color: SIMD4<Float>
  }

  private func disagreement(of witness: Witness, with others: [Witness], _ site: Int) -> Float {
    if !isHole[site] { return min(difference(witness.color, actual[site]), SourceChoice.disagreementCap) }
    var sum = SourceChoice.unwitnessed * 0.2
    var weights: Float = 0.2
    for other in others where other.slot >> 1 != witness.slot >> 1 {
      sum += other.weight * min(difference(witness.color, other.color), SourceChoice.disagreementCap)
      weights += other.weight
    }
    return sum / weights
  }

  /// Mean over the window around each site of the values that are not negative.
  private func averaged(_ values: [Float]) -> [Float] {
    let sites = candidates.sites
    let radius = SourceChoice.window
    func pass(_ sums: [SIMD2<Float>], stride: Int, limit: (Int) -> (Int, Int)) -> [SIMD2<Float>] {
      (0..<sites.count).map { site in
        let pixel = Int(sites.pixels[site])
        let (before, after) = limit(site)
        var sum = SIMD2<Float>.zero
        for step in -min(radius, before)...min(radius, after) {
          let neighbour = Int(sites.slot[pixel + step * stride])
          if neighbour >= 0 { sum += sums[neighbour] }
        }
        return sum
      }
    }
    let single = values.map { $0 < 0 ? SIMD2<Float>.zero : SIMD2($0, 1) }
    let across = pass(single, stride: 1) { (sites.x($0), sites.width - 1 - sites.x($0)) }
    let both = pass(across, stride: sites.width) { (sites.y($0), sites.height - 1 - sites.y($0)) }
    return both.map { $0.y > 0 ? $0.x / $0.y : 0 }
  }
}
