import Imaging
import Motion

/// Video inpainting without weights.
///
/// Every hole pixel is followed along the completed optical flow, both ways in time, to frames that show it; one source
/// a pixel is chosen coherently over space and time and blended in the gradient domain; what no frame shows is made up
/// from similar patches once and carried along the motion. A value without state: safe from several threads. The
/// result does not depend on `threads` or on the CPU level.
public struct BuiltinInpainter: Inpainter {
  public let options: InpaintingOptions
  public let threads: Int

  public init(options: InpaintingOptions = .init(), threads: Int = 1) {
    self.options = options
    self.threads = max(1, threads)
  }

  public func fill(
    _ window: InpaintingWindow, cancellation: Cancellation, progress: (Double) -> Void
  ) throws -> [FilledFrame] {
    try window.validate()
    if window.core.isEmpty { return [] }
    guard window.hasHole else { return window.untouched }
    try cancellation.check()
    let motion = try WindowMotion(window, options: options, threads: threads, cancellation: cancellation)
    progress(0.5)
    var frames = try borrow(window, motion, cancellation) { progress(0.5 + 0.4 * $0) }
    var provenance = frames.indices.map { index -> Plane<UInt8> in
      window.holes[window.core.lowerBound + index].map {
        $0 == 0 ? Provenance.known.rawValue : Provenance.borrowed.rawValue
      }
    }
    let unseen = UnseenFill(window: window, motion: motion, options: options, threads: threads)
    try unseen.run(&frames, &provenance, cancellation: cancellation)
    if options.invertsTranslucentMarks { uncover(&frames, window) }
    let images = options.matchesGrain ? grained(frames, provenance, window) : frames.map(\.image)
    progress(1)
    return zip(images, provenance).map { FilledFrame(image: $0, provenance: $1) }
  }

  /// Takes a translucent mark off all frames, if one hole holds for all.
  private func uncover(_ frames: inout [BorrowedFrame], _ window: InpaintingWindow) {
    let hole = window.holes[window.core.lowerBound]
    guard window.core.allSatisfy({ window.holes[$0] == hole }) else { return }
    let originals = Array(window.frames[window.core])
    guard let mark = TranslucentMark(originals, filled: frames.map(\.image), hole: hole) else { return }
    for index in frames.indices {
      frames[index].image = mark.removed(from: originals[index], filled: frames[index].image)
    }
  }

  /// What was made up in an earlier window and carried on has its grain from there.
  private func grained(
    _ frames: [BorrowedFrame], _ provenance: [Plane<UInt8>], _ window: InpaintingWindow
  ) -> [RGBImage] {
    let first = window.core.lowerBound
    let goesOn = first > 0 && window.filled[first - 1] != nil
    return inParallel(frames.count, threads: threads) { index in
      var image = frames[index].image
      var hole = window.holes[first + index]
      for pixel in hole.samples.indices where goesOn && provenance[index].samples[pixel] == Provenance.madeUp.rawValue {
        hole.samples[pixel] = 0
      }
      GrainMatch(image, hole: hole)?.apply(to: &image)
      return image
    }
  }

  /// Fills what other frames show. While one frame is settled, which needs the frame before, the next one's sources are
  /// sought beside it.
  private func borrow(
    _ window: InpaintingWindow, _ motion: WindowMotion, _ cancellation: Cancellation, progress: (Double) -> Void
  ) throws -> [BorrowedFrame] {
    var frames: [BorrowedFrame] = []
    var sought: Candidates?
    for index in window.core {
      try cancellation.check()
      let candidates = sought ?? seek(window, motion, index, threads: threads)
      let goesAhead = threads > 1 && index + 1 < window.core.upperBound && isSmall(candidates, window)
      let previous = frames.last
      let settled = { settle(candidates, window, motion, index, previous: previous, threads: threads) }
      if goesAhead {
        let (frame, next) = sideBySide(settled) { seek(window, motion, index + 1, threads: threads) }
        frames.append(frame)
        sought = next
      } else {
        frames.append(settled())
        sought = nil
      }
      progress(Double(frames.count) / Double(window.core.count))
    }
    return frames
  }

  /// Whether two frames' candidates are within what `plan` allows for.
  private func isSmall(_ candidates: Candidates, _ window: InpaintingWindow) -> Bool {
    candidates.bytes + candidates.bytesToSettle <= BuiltinInpainter.solution * window.frames[0].pixels.count
  }

  private func seek(
    _ window: InpaintingWindow, _ motion: WindowMotion, _ index: Int, threads: Int
  ) -> Candidates {
    let area = area(window.holes[index])
    let squares = HoleSites(squaresOf: area, step: BuiltinInpainter.step)
    var candidates = motion.candidates(
      for: index, sites: squares, pictures: window.frames, options: options, threads: threads)
    if squares.count <= BuiltinInpainter.fewSquares {
      candidates = candidates.spread(over: HoleSites(area), threads: threads)
    }
    candidates.sampleColors(from: window.frames, gains: motion.gains(into: index), threads: threads)
    if motion.rests(at: index) { candidates.dropUnsteady() }
    return candidates
  }

  /// Pixels a side of the squares that are followed together, and in large holes are given one source.
  private static let step = 2
  /// Up to so many the source is chosen for each pixel, which is a little better and takes four times as long.
  private static let fewSquares = 1500

  /// A hole and the ring around it that tells what fits.
  private func area(_ hole: Plane<UInt8>) -> Plane<UInt8> { hole.boundingBox == nil ? hole : hole.spread(by: 2) }

  private func settle(
    _ candidates: Candidates, _ window: InpaintingWindow, _ motion: WindowMotion, _ index: Int,
    previous: BorrowedFrame?, threads: Int
  ) -> BorrowedFrame {
    let hole = window.holes[index]
    let nothing = Plane<UInt8>(width: hole.width, height: hole.height, repeating: 0)
    guard candidates.sites.count > 0 else { return BorrowedFrame(image: window.frames[index], unseen: nothing) }
    var before = previous
    if before == nil, index > 0, window.filled[index - 1] != nil {
      before = BorrowedFrame(image: window.frames[index - 1], unseen: nothing)
    }
    let choice = SourceChoice(
      candidates: candidates, hole: hole, image: window.frames[index],
      previous: told(candidates.sites, by: before, motion, index), options: options, threads: threads)
    var labels = choice.solve()
    var sources = candidates
    if candidates.sites.step > 1 {
      let pixels = HoleSites(area(hole))
      sources = candidates.kept(by: labels, within: 2 * FrameFill.agreement, threads: threads)
        .spread(over: pixels, threads: threads)
      sources.sampleColors(from: window.frames, gains: motion.gains(into: index), threads: threads)
      labels = candidates.sites.spread(labels, over: pixels)
    }
    Scraps.drop(from: &labels, sources.sites, hole: hole)
    let fill = FrameFill(
      hole: hole, image: window.frames[index], candidates: sources, labels: labels, options: options,
      threads: threads)
    return fill.run()
  }

  /// What the previous frame's result shows at each site, followed along the smooth flow.
  private func told(
    _ sites: HoleSites, by previous: BorrowedFrame?, _ motion: WindowMotion, _ index: Int
  ) -> [SIMD4<Float>?] {
    guard let previous else { return [SIMD4<Float>?](repeating: nil, count: sites.count) }
    let flow = motion.hypotheses[0][index]
    let gain = motion.gains[index] / motion.gains[index - 1]
    return (0..<sites.count).map { site in
      let (column, row) = (sites.x(site) * sites.step, sites.y(site) * sites.step)
      guard flow.region.contains(x: column, y: row) else { return nil }
      let vector = flow[column, row]
      let place = sites.place(site)
      let (x, y) = (place.x + vector.z, place.y + vector.w)
      let bounds = previous.image.bounds
      guard x >= 0, y >= 0, x <= Float(bounds.width - 1), y <= Float(bounds.height - 1) else { return nil }
      guard previous.unseen[Int(x + 0.5), Int(y + 0.5)] == 0 else { return nil }
      return previous.image.bilinear(x, y) * gain
    }
  }
}
