import CPixelKernels
import Imaging

/// Places from which each site of one frame could borrow. A slot holds one way of finding a source (a hypothesis, a
/// direction, near or far) for all sites, so that neighbours in one slot have sources that belong together.
struct Candidates: Sendable {
  let sites: HoleSites
  let slots: Int
  /// Slot-major: slot `k` of site `i` at `k * sites.count + i`. -1 where the slot found nothing.
  var frame: [Int32]
  var x: [Float]
  var y: [Float]
  /// How far the colour found is expected to be off, in levels of 255.
  var doubt: [Float]
  /// Whether it moves over ground that rests.
  var isPassing: [Bool]
  /// Filled by `sampleColors`, in levels of the target frame.
  var color: [SIMD4<Float>]

  init(sites: HoleSites, slots: Int) {
    self.sites = sites
    self.slots = slots
    let count = sites.count * slots
    frame = [Int32](repeating: -1, count: count)
    x = [Float](repeating: 0, count: count)
    y = [Float](repeating: 0, count: count)
    doubt = [Float](repeating: 0, count: count)
    isPassing = [Bool](repeating: false, count: count)
    color = [SIMD4<Float>](repeating: .zero, count: count)
  }

  /// The same candidates for each pixel of the squares that these are for; colours are still to be sampled.
  func spread(over pixels: HoleSites, threads: Int) -> Candidates {
    let squares = (0..<pixels.count).map { sites.site(holding: pixels.x($0), pixels.y($0)) }
    let offsets = squares.indices.map { pixels.place($0) - sites.place(squares[$0]) }
    var out = Candidates(sites: pixels, slots: slots)
    out.eachSlot(threads: threads) { slot, sources in
      for (site, square) in squares.enumerated() where frame[slot * sites.count + square] >= 0 {
        let from = slot * sites.count + square
        sources.frame[site] = frame[from]
        sources.x[site] = x[from] + offsets[site].x
        sources.y[site] = y[from] + offsets[site].y
        sources.doubt[site] = doubt[from]
        sources.isPassing[site] = isPassing[from]
      }
    }
    return out
  }

  /// Takes sources back that moved over resting ground and do not stay alike while they are followed on: part of what is
  /// seen there rests, as under a reflection, and belongs elsewhere. To be called when colours are sampled.
  mutating func dropUnsteady() {
    let count = sites.count
    for slot in stride(from: 0, to: slots - 1, by: 2) {
      for site in 0..<count where isPassing[slot * count + site] {
        let (first, second) = (slot * count + site, (slot + 1) * count + site)
        guard frame[first] >= 0, frame[second] >= 0 else { continue }
        let d = color[first] - color[second]
        if d.absoluteSum / 3 > Candidates.steady { (frame[first], frame[second]) = (-1, -1) }
      }
    }
  }

  /// Levels by which what moves may change in a few frames.
  private static let steady: Float = 6

  /// What is needed once `labels` are chosen: of each site the slots that it or a neighbour chose, and those whose colour
  /// is within a squared `distance` of its own.
  func kept(by labels: [Int32], within distance: Float, threads: Int) -> Candidates {
    var out = self
    let own = labels.indices.map { labels[$0] < 0 ? SIMD4<Float>.zero : color[Int(labels[$0]) * sites.count + $0] }
    out.eachSlot(threads: threads) { slot, sources in
      for site in own.indices where sources.frame[site] >= 0 && slot != Int(labels[site]) {
        let around = sites.neighbours(site)
        let isNear = (0..<4).contains { around[$0] >= 0 && Int(labels[around[$0]]) == slot }
        if isNear { continue }
        let d = labels[site] < 0 ? .zero : sources.color[site] - own[site]
        if (d * d).sum() >= distance { sources.frame[site] = -1 }
      }
    }
    return out
  }

  /// What they take.
  var bytes: Int { frame.count * (4 + 3 * 4 + 1 + 16) }

  /// What they take while a frame is settled: their costs, and where they are for squares the pixels' candidates.
  var bytesToSettle: Int {
    let pixels = sites.step > 1 ? (sites.step * sites.step + 1) * bytes : 0
    return bytes + frame.count * 2 * 4 + pixels
  }

  /// Samples every candidate from its source picture, times `gains` of its frame.
  mutating func sampleColors(from pictures: [RGBImage], gains: [SIMD4<Float>], threads: Int) {
    eachSlot(threads: threads) { _, sources in
      let order = SourceOrder(sources.frame, frames: pictures.count)
      for index in pictures.indices where !order.ranges[index].isEmpty {
        sources.sampleColors(of: order.places[order.ranges[index]], from: pictures[index], gain: gains[index])
      }
    }
  }

  /// Samples the candidates that lie in frame `index` from `picture`.
  mutating func sampleColors(from picture: RGBImage, at index: Int, gain: SIMD4<Float>) {
    let frame = Int32(truncatingIfNeeded: index)
    eachSlot(threads: 1) { _, sources in
      let sites = sources.frame.indices.lazy.filter { sources.frame[$0] == frame }
      sources.sampleColors(of: sites.map { Int32(truncatingIfNeeded: $0) }[...], from: picture, gain: gain)
    }
  }
}

extension Candidates.Slot {
  /// Samples what these sites have in one picture.
  fileprivate func sampleColors(of sites: ArraySlice<Int32>, from picture: RGBImage, gain: SIMD4<Float>) {
    let sampled = PictureSampling.sample(
      picture, x: sites.map { x[Int($0)] }, y: sites.map { y[Int($0)] }, gain: gain)
    for (site, sample) in zip(sites, sampled) { color[Int(site)] = sample }
  }
}

/// Candidates sorted by source frame, so that each picture is read in one go.
struct SourceOrder {
  let places: [Int32]
  let ranges: [Range<Int>]

  init(_ frame: UnsafeMutableBufferPointer<Int32>, frames: Int) {
    var counts = [Int](repeating: 0, count: frames + 1)
    for source in frame where source >= 0 { counts[Int(source) + 1] += 1 }
    for index in 0..<frames { counts[index + 1] += counts[index] }
    ranges = (0..<frames).map { counts[$0]..<counts[$0 + 1] }
    var places = [Int32](repeating: 0, count: counts[frames])
    for (place, source) in frame.enumerated() where source >= 0 {
      places[counts[Int(source)]] = Int32(truncatingIfNeeded: place)
      counts[Int(source)] += 1
    }
    self.places = places
  }
}

/// Catmull-Rom sampling of pictures at float places.
enum PictureSampling {
  static func sample(_ picture: RGBImage, x: [Float], y: [Float], gain: SIMD4<Float>) -> [SIMD4<Float>] {
    let (width, height) = (Int32(truncatingIfNeeded: picture.width), Int32(truncatingIfNeeded: picture.height))
    var out = [SIMD4<Float>](repeating: .zero, count: x.count)
    out.withUnsafeMutableBytes { out in
      picture.pixels.withUnsafeBytes { pixels in
        cpk_fill_kernels().pointee.sample(
          pixels.baseAddress?.assumingMemoryBound(to: UInt16.self), width, height, x, y,
          Int32(truncatingIfNeeded: x.count), out.baseAddress?.assumingMemoryBound(to: Float.self))
      }
    }
    for index in out.indices { out[index] *= gain }
    return out
  }
}
