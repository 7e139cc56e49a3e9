import Imaging

/// A frame's mask in its connected parts. Immutable; may be asked from several threads at once.
public struct ImageMaskFrame: PreparedFrame {
  private let odds: Plane<Float>
  private let whole: Plane<UInt8>
  private let parts: Components

  /// From here on a pixel belongs to what stands out.
  private static let threshold: Float = 0.5

  init(odds: Plane<Float>) {
    self.odds = odds
    whole = odds.map { $0 > Self.threshold ? 255 : 0 }
    parts = whole.components()
  }

  /// The parts that the prompts touch, then all that stands out.
  public func candidates(for prompts: Prompts, limit: Int) throws -> [Candidate] {
    try prompts.validate(width: odds.width, height: odds.height)
    let chosen = chosen(prompts)
    let first = candidate(cut(parts.coverage { chosen.contains($0) }, to: prompts.box))
    let second = candidate(cut(whole, to: prompts.box))
    return Array((second.mask == first.mask ? [first] : [first, second]).prefix(limit))
  }

  public func proposals(_ options: ProposalOptions, beside known: Plane<UInt8>?) throws -> [Candidate] {
    try options.validate()
    if let known, known.width != odds.width || known.height != odds.height {
      throw SegmentationError(
        .outsideFrame, "a mask of \(known.width)x\(known.height) for a frame of \(odds.width)x\(odds.height)")
    }
    let order = parts.areas.indices.sorted { (parts.areas[$1], $0) < (parts.areas[$0], $1) }
    var found: [Candidate] = []
    for index in order where found.count < options.maximum {
      var mask = parts.coverage { $0 == Int32(index + 1) }
      if let known { for at in known.samples.indices where known.samples[at] != 0 { mask.samples[at] = 0 } }
      if mask.boundingBox != nil { found.append(candidate(mask)) }
    }
    return found
  }

  /// The numbers of the parts that prompts inside touch, the nearest where a click touches none, without those that prompts
  /// outside touch.
  private func chosen(_ prompts: Prompts) -> Set<Int32> {
    let inside = prompts.insidePoints
    let outside = prompts.outsidePoints
    var chosen = Set(inside.map { parts.labels[$0.x, $0.y] })
    if let mask = prompts.mask {
      for (at, sample) in mask.samples.enumerated() where sample != 0 { chosen.insert(parts.labels.samples[at]) }
    }
    if inside.isEmpty, prompts.mask == nil, let box = prompts.box?.clamped(to: odds.bounds) {
      for y in box.y..<box.maxY { for x in box.x..<box.maxX { chosen.insert(parts.labels[x, y]) } }
    }
    chosen.remove(0)
    if chosen.isEmpty, let click = inside.first { nearest(click).map { _ = chosen.insert($0) } }
    return chosen.subtracting(outside.map { parts.labels[$0.x, $0.y] })
  }

  private func nearest(_ click: Prompts.Point) -> Int32? {
    var best: (distance: Int, part: Int32)?
    for y in 0..<odds.height {
      for x in 0..<odds.width where parts.labels[x, y] != 0 {
        let distance = (x - click.x) * (x - click.x) + (y - click.y) * (y - click.y)
        if distance < best?.distance ?? .max { best = (distance, parts.labels[x, y]) }
      }
    }
    return best?.part
  }

  private func cut(_ mask: Plane<UInt8>, to box: Region?) -> Plane<UInt8> {
    guard let box else { return mask }
    var cut = Plane<UInt8>(width: mask.width, height: mask.height, repeating: 0)
    let part = box.clamped(to: mask.bounds)
    for y in part.y..<part.maxY { for x in part.x..<part.maxX { cut[x, y] = mask[x, y] } }
    return cut
  }

  /// Scored by how sure the network is of the mask's pixels.
  private func candidate(_ mask: Plane<UInt8>) -> Candidate {
    let (sum, count) = zip(mask.samples, odds.samples).reduce((Float(0), 0)) { sums, sample in
      sample.0 == 0 ? sums : (sums.0 + sample.1, sums.1 + 1)
    }
    return Candidate(mask: mask, score: count > 0 ? max(0, min(1, sum / Float(count))) : 0)
  }
}
