import Imaging
import Motion

/// Fills what no frame shows: one keyframe at a time is completed from similar patches, and the result is carried along
/// the motion to the other frames, so that it holds still.
struct UnseenFill {
  let window: InpaintingWindow
  let motion: WindowMotion
  let options: InpaintingOptions
  let threads: Int

  private static let keyframes = 8
  /// Pixels below which an area is not worth a keyframe of its own.
  private static let smallest = 12

  /// Fills `frames`, the borrowed core of the window, in place; marks in `provenance` what was made up.
  func run(_ frames: inout [BorrowedFrame], _ provenance: inout [Plane<UInt8>], cancellation: Cancellation) throws {
    if let carried = carriedFrame {
      carry(from: carried.index, carried.image, into: &frames, &provenance, skipping: nil)
    }
    if options.completesPatches {
      for _ in 0..<UnseenFill.keyframes {
        let areas = frames.map { frame in frame.unseen.samples.reduce(0) { $0 + ($1 != 0 ? 1 : 0) } }
        guard let key = keyframe(areas, frames) else { break }
        try cancellation.check()
        guard complete(&frames[key], &provenance[key]) else { break }
        carry(from: window.core.lowerBound + key, frames[key].image, into: &frames, &provenance, skipping: key)
      }
    }
    for index in frames.indices { smoothFill(&frames[index], &provenance[index]) }
  }

  /// Of the frames with about the largest area the one whose surroundings are most like those of the others: what passes
  /// by once is not made to stay. At a tie the one in the middle, from which the others are nearest.
  private func keyframe(_ areas: [Int], _ frames: [BorrowedFrame]) -> Int? {
    guard let most = areas.max(), most >= UnseenFill.smallest else { return nil }
    let large = areas.indices.filter { 10 * areas[$0] >= 9 * most }
    let looks = large.map { Surroundings(of: frames[$0].unseen, in: frames[$0].image) }
    let oddness = Surroundings.oddness(looks)
    let best = large.indices.min {
      (oddness[$0], abs(2 * large[$0] - areas.count + 1), $0) < (oddness[$1], abs(2 * large[$1] - areas.count + 1), $1)
    }
    return best.map { large[$0] }
  }

  /// The last frame before the core, where an earlier window has filled it.
  private var carriedFrame: (index: Int, image: RGBImage)? {
    let index = window.core.lowerBound - 1
    guard index >= 0, window.filled[index] != nil else { return nil }
    return (index, window.frames[index])
  }

  /// Patch completion of one frame's unseen area; false where the frame has nothing to copy from.
  private func complete(_ frame: inout BorrowedFrame, _ provenance: inout Plane<UInt8>) -> Bool {
    guard frame.unseen.samples.contains(0) else { return false }
    var levels = frame.image.levels
    Membrane.fill(&levels, mask: frame.unseen)
    PatchCompletion.fill(&levels, mask: frame.unseen)
    for pixel in levels.indices where frame.unseen.samples[pixel] != 0 {
      frame.image.pixels[pixel] = RGBImage.fixed(levels[pixel])
      provenance.samples[pixel] = Provenance.madeUp.rawValue
      frame.unseen.samples[pixel] = 0
    }
    return true
  }

  /// Copies from a finished frame, along the motion, what the others have not seen.
  private func carry(
    from key: Int, _ picture: RGBImage, into frames: inout [BorrowedFrame], _ provenance: inout [Plane<UInt8>],
    skipping skipped: Int?
  ) {
    let others = frames.indices.filter { $0 != skipped && frames[$0].unseen.boundingBox != nil }
    let carried = inParallel(others.count, threads: threads) { [frames] in
      self.carried(from: key, picture, to: others[$0], frames[others[$0]])
    }
    for (index, frame) in zip(others, carried) {
      let unseen = frames[index].unseen
      frames[index] = frame
      for pixel in unseen.samples.indices where unseen.samples[pixel] != 0 && frame.unseen.samples[pixel] == 0 {
        provenance[index].samples[pixel] = Provenance.madeUp.rawValue
      }
    }
  }

  private func carried(from key: Int, _ picture: RGBImage, to index: Int, _ frame: BorrowedFrame) -> BorrowedFrame {
    let place = window.core.lowerBound + index
    var candidates = Candidates(sites: HoleSites(frame.unseen.spread(by: 1)), slots: 1)
    motion.reach(from: place, to: key, &candidates, slot: 0)
    ride(from: place, frame.image, to: key, picture, &candidates)
    candidates.sampleColors(from: picture, at: key, gain: motion.gains[place] / motion.gains[key])
    let fill = FrameFill(
      hole: frame.unseen, image: frame.image, candidates: candidates,
      labels: candidates.frame.map { $0 < 0 ? -1 : 0 }, options: options, threads: 1,
      isMadeUp: true)
    return fill.run()
  }

  /// Takes the sites of holes that ride to the frame `key` with their surroundings.
  private func ride(
    from frame: Int, _ image: RGBImage, to key: Int, _ picture: RGBImage, _ candidates: inout Candidates
  ) {
    let sites = candidates.sites
    for hole in motion.riding {
      guard let place = hole.place(in: frame), let map = hole.map(from: frame, to: key) else { continue }
      let warp = RidingWarp(
        map, around: place, picture: image, hole: window.holes[frame], key: picture, keyHole: window.holes[key])
      for site in 0..<sites.count where place.contains(x: sites.x(site), y: sites.y(site)) {
        guard let end = warp(sites.x(site), sites.y(site)) else { continue }
        let isInside = end.x >= 0 && end.y >= 0 && end.x <= Float(sites.width - 1) && end.y <= Float(sites.height - 1)
        candidates.frame[site] = isInside ? Int32(truncatingIfNeeded: key) : -1
        (candidates.x[site], candidates.y[site], candidates.doubt[site]) = (end.x, end.y, 0)
      }
    }
  }

  private func smoothFill(_ frame: inout BorrowedFrame, _ provenance: inout Plane<UInt8>) {
    guard frame.unseen.boundingBox != nil else { return }
    var levels = frame.image.levels
    if !frame.unseen.samples.contains(0) { levels = levels.map { _ in SIMD4(128, 128, 128, 0) } }
    Membrane.fill(&levels, mask: frame.unseen)
    for pixel in levels.indices where frame.unseen.samples[pixel] != 0 {
      frame.image.pixels[pixel] = RGBImage.fixed(levels[pixel])
      provenance.samples[pixel] = Provenance.abstained.rawValue
    }
  }
}
