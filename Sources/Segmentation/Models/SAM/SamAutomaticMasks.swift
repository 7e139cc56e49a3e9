import Imaging
import NeuralRuntime

/// How everything in a picture is found, under the reference's terms.
public struct AutomaticMaskSettings: Sendable, Equatable {
  /// Points along each side of the grid of prompts.
  public var pointsPerSide = 16
  /// Masks are dropped below this quality, as the network predicts it.
  public var quality: Float = 0.8
  /// And below this stability: how little the mask changes with its threshold.
  public var stability: Float = 0.9
  /// How far the threshold is moved for that, in logits.
  public var stabilityOffset: Float = 1
  /// Of two masks whose boxes overlap more, the worse is dropped.
  public var overlap = 0.7
  /// Layers of crops that are searched again at a larger scale; layer n has 4^n crops.
  public var cropLayers = 0
  /// By how much each layer's grid is coarser.
  public var pointDownscale = 2
  /// Holes and islands below so many pixels are closed and removed.
  public var minimumArea = 200

  public init() {}
}

/// A mask that was found without a prompt.
public struct AutomaticMask: Sendable {
  /// Where it lies in the frame.
  public let region: Region
  /// 255 inside, of the region's size.
  public let coverage: Plane<UInt8>
  public let quality: Float
  public let stability: Float
  /// The part of the picture that it was found in.
  public let crop: Region
}

extension SamSegmenter {
  /// Everything the network finds on a grid of single clicks, best first.
  /// - Throws: `CancellationError`, `GraphError`, `NeuralError`.
  public func automaticMasks(
    _ image: RGBImage, _ settings: AutomaticMaskSettings = .init(), cancellation: Cancellation? = nil
  ) throws -> [AutomaticMask] {
    let finder = AutomaticMaskFinder(bounds: image.bounds, settings: settings, cancellation: cancellation) { crop in
      try prepare(crop == image.bounds ? image : image.cropped(to: crop))
    }
    return try finder.masks()
  }
}

extension SamPreparedFrame {
  /// The grid's masks on the whole frame, without crops: the largest first, each without what those before it hold.
  public func proposals(_ options: ProposalOptions, beside known: Plane<UInt8>?) throws -> [Candidate] {
    try options.validate()
    let bounds = Region(x: 0, y: 0, width: preprocessing.original.width, height: preprocessing.original.height)
    if let known, known.width != bounds.width || known.height != bounds.height {
      throw SegmentationError(
        .outsideFrame, "a mask of \(known.width)x\(known.height) for a frame of \(bounds.width)x\(bounds.height)")
    }
    var settings = AutomaticMaskSettings()
    settings.pointsPerSide = options.pointsPerSide
    let finder = AutomaticMaskFinder(bounds: bounds, settings: settings, cancellation: nil) { _ in self }
    let found = try finder.masks().enumerated().sorted {
      ($1.element.region.area, $0.offset) < ($0.element.region.area, $1.offset)
    }
    var held = known ?? Plane(width: bounds.width, height: bounds.height, repeating: 0)
    var proposals: [Candidate] = []
    for (_, mask) in found where proposals.count < options.maximum {
      let own = mask.claimed(from: &held)
      if own.boundingBox != nil { proposals.append(Candidate(mask: own, score: max(0, min(1, mask.quality)))) }
    }
    return proposals
  }
}

private struct AutomaticMaskFinder {
  let bounds: Region
  let settings: AutomaticMaskSettings
  let cancellation: Cancellation?
  /// Embeds a part of the picture.
  let prepare: (Region) throws -> SamPreparedFrame

  /// Prompts answered at once: more would need more memory than they save time.
  private static let batchSize = 8
  /// Crops overlap by this part of the shorter side.
  private static let cropOverlap = 512.0 / 1500

  func masks() throws -> [AutomaticMask] {
    var found: [AutomaticMask] = []
    for (layer, crop) in crops() { found += try masks(in: crop, layer: layer) }
    // Smaller crops see more detail.
    let unique = Self.suppressed(found, overlap: settings.overlap) { -Double($0.crop.area) }
    let clean = unique.compactMap { $0.cleaned(below: settings.minimumArea) }
    return Self.suppressed(clean, overlap: settings.overlap) { Double($0.quality) }
  }

  private func crops() -> [(layer: Int, crop: Region)] {
    var crops = [(0, bounds)]
    let shorter = Double(min(bounds.width, bounds.height))
    for layer in 0..<max(0, min(settings.cropLayers, 3)) {
      let count = 1 << (layer + 1)
      let overlap = Int(Self.cropOverlap * shorter * (2 / Double(count)))
      func side(_ whole: Int) -> Int { (overlap * (count - 1) + whole + count - 1) / count }
      let (width, height) = (side(bounds.width), side(bounds.height))
      for column in 0..<count {
        for row in 0..<count {
          let crop = Region(x: (width - overlap) * column, y: (height - overlap) * row, width: width, height: height)
            .intersection(bounds)
          if !crop.isEmpty { crops.append((layer + 1, crop)) }
        }
      }
    }
    return crops
  }

  private func masks(in crop: Region, layer: Int) throws -> [AutomaticMask] {
    try cancellation?.check()
    let prepared = try prepare(crop)
    let positions = grid(crop, layer: layer)
    var found: [AutomaticMask] = []
    for start in stride(from: 0, to: positions.count, by: Self.batchSize) {
      try cancellation?.check()
      found += try masks(prepared, Array(positions[start..<min(start + Self.batchSize, positions.count)]), crop)
    }
    return Self.suppressed(found, overlap: settings.overlap) { Double($0.quality) }
  }

  /// The middles of the grid's cells, in the crop.
  private func grid(_ crop: Region, layer: Int) -> [(x: Double, y: Double)] {
    var count = settings.pointsPerSide
    for _ in 0..<layer { count /= max(1, settings.pointDownscale) }
    count = max(1, count)
    func middles(_ size: Int) -> [Double] { (0..<count).map { (Double($0) + 0.5) * Double(size) / Double(count) } }
    let columns = middles(crop.width)
    return middles(crop.height).flatMap { y in columns.map { (x: $0, y: y) } }
  }

  private func masks(
    _ prepared: SamPreparedFrame, _ positions: [(x: Double, y: Double)], _ crop: Region
  ) throws -> [AutomaticMask] {
    let clicks = positions.map { position in
      let inside = prepared.preprocessing.position(x: position.x, y: position.y)
      return [SamNetwork.PromptBatch.Point(x: inside.x, y: inside.y, .inside)]
    }
    let answer = try prepared.network.decode(prepared.embedding, .init(points: clicks))
    guard let masks = answer["masks"], let iou = answer["iou"]?.floats else { return [] }
    let post = SamPostprocessing(prepared.preprocessing)
    var found: [AutomaticMask] = []
    for object in positions.indices {
      for plane in 1...3 where iou[object * 4 + plane] >= settings.quality {
        let logits = post.upscaled(prepared.logits(masks, object: object, plane))
        if let mask = mask(logits, quality: iou[object * 4 + plane], crop) { found.append(mask) }
      }
    }
    return found
  }

  private func mask(_ logits: [Float], quality: Float, _ crop: Region) -> AutomaticMask? {
    let (inner, outer) = logits.reduce(into: (0, 0)) { counts, logit in
      if logit > settings.stabilityOffset { counts.0 += 1 }
      if logit > -settings.stabilityOffset { counts.1 += 1 }
    }
    let stability = outer > 0 ? Float(inner) / Float(outer) : 0
    guard stability >= settings.stability else { return nil }
    let whole = Plane<UInt8>(width: crop.width, height: crop.height, samples: logits.map { $0 > 0 ? 255 : 0 })
    guard let box = whole.boundingBox, !isCut(box, crop) else { return nil }
    return AutomaticMask(
      region: Region(x: box.x + crop.x, y: box.y + crop.y, width: box.width, height: box.height),
      coverage: whole.cropped(to: box), quality: quality, stability: stability, crop: crop)
  }

  /// Whether the crop's edge, where it is not the picture's, cuts the mask off.
  private func isCut(_ box: Region, _ crop: Region) -> Bool {
    let near = 20
    func cut(_ first: Int, _ last: Int, _ start: Int, _ size: Int, _ whole: Int) -> Bool {
      (first <= near && first + start > near) || (last >= size - near && last + start < whole - near)
    }
    return cut(box.x, box.maxX, crop.x, crop.width, bounds.width)
      || cut(box.y, box.maxY, crop.y, crop.height, bounds.height)
  }

  /// Non-maximum suppression by boxes; ties go to the earlier one.
  static func suppressed(
    _ masks: [AutomaticMask], overlap: Double, by score: (AutomaticMask) -> Double
  ) -> [AutomaticMask] {
    let scores = masks.map(score)
    let order = masks.indices.sorted { scores[$0] > scores[$1] || (scores[$0] == scores[$1] && $0 < $1) }
    var kept: [Int] = []
    for index in order {
      let region = masks[index].region
      let isNew = kept.allSatisfy { other in
        let shared = Double(masks[other].region.intersection(region).area)
        return shared <= overlap * (Double(masks[other].region.area + region.area) - shared)
      }
      if isNew { kept.append(index) }
    }
    return kept.map { masks[$0] }
  }
}

extension AutomaticMask {
  /// What nobody holds yet of it, in a plane of the frame's size; held from now on.
  fileprivate func claimed(from held: inout Plane<UInt8>) -> Plane<UInt8> {
    var own = Plane<UInt8>(width: held.width, height: held.height, repeating: 0)
    for y in 0..<region.height {
      for x in 0..<region.width where coverage[x, y] != 0 && held[x + region.x, y + region.y] == 0 {
        own[x + region.x, y + region.y] = 255
        held[x + region.x, y + region.y] = 255
      }
    }
    return own
  }

  /// Without holes and islands of fewer pixels than `area`; the largest part stays in any case.
  fileprivate func cleaned(below area: Int) -> AutomaticMask? {
    guard area > 0 else { return self }
    let holes = coverage.map { $0 == 0 ? UInt8(255) : 0 }.components(connectivity: .eight)
    let small = holes.coverage { holes.areas[Int($0) - 1] < area }
    let filled = Plane(
      width: coverage.width, height: coverage.height,
      samples: zip(coverage.samples, small.samples).map { max($0, $1) })
    let parts = filled.components(connectivity: .eight)
    let kept = parts.coverage { parts.areas[Int($0) - 1] >= area || $0 == parts.largest }
    guard let box = kept.boundingBox else { return nil }
    return AutomaticMask(
      region: Region(x: region.x + box.x, y: region.y + box.y, width: box.width, height: box.height),
      coverage: kept.cropped(to: box), quality: quality, stability: stability, crop: crop)
  }
}
