import Imaging
import Motion

/// All that is known of a window's motion: flow completed under each hypothesis, the camera's path and the exposure.
struct WindowMotion: Sendable {
  /// One set of flows for each hypothesis; the smooth one first.
  let hypotheses: [[TwoWayFlow]]
  /// For each of these flows.
  let hazards: [[ChainHazards]]
  /// Not 0 at pixels outside the hole.
  let known: [Plane<UInt8>]
  /// Not 0 at pixels that may be borrowed: far enough from the hole for a whole sampling kernel.
  let usable: [Plane<UInt8>]
  /// The camera's motion between the first frame and each.
  let fromFirst: [Homography]
  let toFirst: [Homography]
  let gains: [SIMD4<Float>]
  /// The holes that move with their surroundings; none where they are not to be told from others.
  let riding: [RidingHole]
  let reach: Int

  /// Follows each site of `candidates` from frame to frame along the smooth flow, whatever lies between.
  func reach(from frame: Int, to key: Int, _ candidates: inout Candidates, slot: Int) {
    let tracing = ChainTracing(flows: hypotheses[0], usable: usable, reach: reach)
    let sites = candidates.sites
    tracing.travel(sites, from: frame, to: key) { site, x, y, error in
      let place = slot * sites.count + site
      candidates.frame[place] = Int32(truncatingIfNeeded: key)
      candidates.x[place] = x
      candidates.y[place] = y
      candidates.doubt[place] = error
    }
  }

  /// Takes back the sources of sites that no frame can show.
  private func dropDrifted(_ candidates: inout Candidates, of frame: Int) {
    let places = riding.compactMap { $0.place(in: frame) }
    guard !places.isEmpty else { return }
    let sites = candidates.sites
    for site in 0..<sites.count {
      let (x, y) = (sites.x(site) * sites.step, sites.y(site) * sites.step)
      guard places.contains(where: { $0.contains(x: x, y: y) }) else { continue }
      for slot in 0..<candidates.slots { candidates.frame[slot * sites.count + site] = -1 }
    }
  }

  /// Sources of `sites` in the window, four slots a hypothesis and the far frames after them; without their colours.
  func candidates(for frame: Int, sites: HoleSites, pictures: [RGBImage], options: InpaintingOptions, threads: Int)
    -> Candidates
  {
    let chains = 4 * hypotheses.count
    let slots = chains + (options.usesFarFrames ? 2 * FarFrames.slots : 0)
    var candidates = Candidates(sites: sites, slots: slots)
    let jobs = hypotheses.indices.flatMap { hypothesis in ChainDirection.allCases.map { (hypothesis, $0) } }
    var exits = [[ChainTracing.Exit]](repeating: [], count: jobs.count)
    exits.withUnsafeMutableBufferPointer { exits in
      nonisolated(unsafe) let exits = exits
      Rows.concurrently(jobs.count, threads: threads, minimumBand: 1) { band in
        for job in band {
          let (hypothesis, direction) = jobs[job]
          let tracing = ChainTracing(
            flows: hypotheses[hypothesis], hazards: hazards[hypothesis], usable: usable, reach: reach)
          tracing.trace(sites, from: frame, direction) { exits[job].append($0) }
        }
      }
    }
    for (job, found) in exits.enumerated() {
      for exit in found {
        let place = (2 * job + exit.ordinal) * sites.count + Int(exit.site)
        candidates.frame[place] = exit.frame
        candidates.x[place] = exit.x
        candidates.y[place] = exit.y
        candidates.isPassing[place] = exit.passes
        candidates.doubt[place] = 2 + 4 * exit.error + 0.04 * Float(exit.steps)
      }
    }
    if options.usesFarFrames {
      let far = FarFrames(pictures: pictures, usable: usable, fromFirst: fromFirst, toFirst: toFirst, gains: gains)
      far.find(for: frame, known: known[frame], into: &candidates, slot: chains, threads: threads)
    }
    dropDrifted(&candidates, of: frame)
    return candidates
  }

  /// Whether the camera all but rests, before and after a frame.
  func rests(at frame: Int) -> Bool {
    let middle = SIMD2(Double(known[frame].width), Double(known[frame].height)) / 2
    return [frame - 1, frame + 1].filter(fromFirst.indices.contains).allSatisfy { other in
      let step = (fromFirst[other] * toFirst[frame]).apply(middle) - middle
      return (step * step).sum() < 4
    }
  }

  /// What takes each frame's levels to those of `frame`.
  func gains(into frame: Int) -> [SIMD4<Float>] { gains.map { gains[frame] / $0 } }
}
