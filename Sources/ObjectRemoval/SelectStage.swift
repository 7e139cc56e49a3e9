import Imaging
import Segmentation
import VideoIO

/// The masks that prompts mean, on the frames where they lie. Coded orientation.
struct Anchor: Sendable {
  var mask: Mask
  /// The objects that the prompts speak of on this frame; others are not there or not marked. None where a person gave an
  /// empty mask: then no object is there.
  var objects: Set<UInt8>
  /// The engine's answers that were looked at, best first; none for objects of mask files.
  var candidates: [UInt8: [Candidate]] = [:]

  var showsNothing: Bool { objects.isEmpty }
}

/// Turns clicks, boxes and mask files into masks, frame by frame.
struct SelectStage {
  let clip: Clip
  let settings: RemovalSettings
  /// Which answer to take where the engine has several: 0 is the best.
  var candidate = 0
  /// Whether anchors hold all of the engine's answers, which takes longer than the one taken.
  var keepsAllCandidates = false

  /// Anchors by frame.
  /// - Throws: `RemovalError.badRequest` for a prompt outside the clip, `.nothingMarked` where none marks a pixel.
  func run(_ prompts: [ObjectPrompt]) throws -> [Int: Anchor] {
    try validate(prompts)
    var anchors: [Int: Anchor] = [:]
    for frame in Set(prompts.map(\.frame)).sorted() {
      anchors[frame] = try anchor(on: frame, prompts.filter { $0.frame == frame })
    }
    guard anchors.values.contains(where: { !$0.mask.isEmpty }) else {
      throw RemovalError(.nothingMarked, "the prompts mark no pixel of \(clip.info.path)")
    }
    let objects = anchors.values.reduce(into: Set<UInt8>()) { $0.formUnion($1.objects) }
    guard objects.count <= settings.maximumObjects else {
      throw RemovalError(
        .badRequest, "\(objects.count) objects are marked, and --max-objects allows \(settings.maximumObjects)")
    }
    return anchors
  }

  func validate(_ prompts: [ObjectPrompt]) throws {
    let width = clip.info.displayedWidth
    let height = clip.info.displayedHeight
    let bounds = Region(x: 0, y: 0, width: width, height: height)
    for prompt in prompts {
      guard clip.range.contains(prompt.frame) else {
        throw RemovalError(
          .badRequest,
          "a prompt lies on frame \(prompt.frame); the frames are \(clip.range.lowerBound) to \(clip.range.upperBound)")
      }
      guard 1...255 ~= prompt.object else {
        throw RemovalError(.badRequest, "object \(prompt.object) does not exist: objects are 1 to 255")
      }
      switch prompt.shape {
      case .point(let x, let y), .avoid(let x, let y):
        guard bounds.contains(x: x, y: y) else {
          throw RemovalError(.badRequest, "the point \(x),\(y) lies outside the frame of \(width)x\(height)")
        }
      case .box(let box):
        guard box.width > 0, box.height > 0 else {
          throw RemovalError(
            .badRequest, "the box \(box.x),\(box.y),\(box.width),\(box.height) has no area: it is X,Y,WIDTH,HEIGHT")
        }
        guard !box.intersection(bounds).isEmpty else {
          throw RemovalError(
            .badRequest,
            "the box \(box.x),\(box.y),\(box.width),\(box.height) lies outside the frame of \(width)x\(height)")
        }
      case .scribble(let points, _):
        for point in points where !bounds.contains(x: point.x, y: point.y) {
          throw RemovalError(
            .badRequest, "the scribble's point \(point.x),\(point.y) lies outside the frame of \(width)x\(height)")
        }
      case .mask: break
      }
    }
  }

  private func anchor(on frame: Int, _ prompts: [ObjectPrompt]) throws -> Anchor {
    var anchor = Anchor(mask: Mask(width: clip.info.width, height: clip.info.height), objects: [])
    var prepared: (any PreparedFrame)?
    for prompt in prompts {
      if case .mask(let path) = prompt.shape { try merge(maskFile: path, into: &anchor) }
    }
    for object in Set(prompts.map(\.object)).sorted() {
      let spoken = Self.prompts(prompts.filter { $0.object == object }, in: clip.info)
      guard !spoken.saysNothing else { continue }
      var asked = spoken
      if anchor.objects.contains(UInt8(object)) { asked.mask = anchor.mask.coverage(of: UInt8(object)) }
      guard !asked.isEmpty else {
        throw RemovalError(
          .badRequest,
          "object \(object) has only points to avoid on frame \(frame); give a point on it, a box or a mask")
      }
      if settings.marksAreStill, asked.inside.isEmpty, asked.insideStrokes.isEmpty, let box = asked.box {
        anchor.take(Self.whole(box, clip.info), as: UInt8(object))
        continue
      }
      let ready =
        try prepared
        ?? Engines.segmenter(settings).prepare(
          clip.image(frame), beside: clip.info.segmenterNeighbours(of: frame).compactMap { try? clip.image($0) })
      prepared = ready
      let candidates = try ready.candidates(for: asked, limit: keepsAllCandidates ? .max : candidate + 1)
      guard candidates.indices.contains(candidate) else {
        throw RemovalError(
          .badRequest,
          "object \(object) has \(candidates.count) candidates on frame \(frame); there is no number \(candidate + 1)")
      }
      anchor.candidates[UInt8(object)] = candidates
      anchor.take(Self.notEmpty(candidates[candidate].mask, asked, clip.info), as: UInt8(object))
    }
    try refuseHidden(anchor, on: frame)
    return anchor
  }

  /// Two marks of the same pixels leave one of the objects with none: it would be followed, and never seen.
  private func refuseHidden(_ anchor: Anchor, on frame: Int) throws(RemovalError) {
    let shown = Set(anchor.mask.objects)
    guard let hidden = anchor.objects.subtracting(shown).min(), !shown.isEmpty else { return }
    let others = shown.sorted().map(String.init).joined(separator: ", ")
    throw RemovalError(
      .nothingMarked,
      "object \(hidden) keeps no pixel on frame \(frame) beside object \(others): mark it elsewhere, or leave it out")
  }

  private func merge(maskFile path: String, into anchor: inout Anchor) throws {
    let source = try MaskSource.open(
      path, width: clip.info.displayedWidth, height: clip.info.displayedHeight, frameCount: 1,
      allowRescale: settings.rescalesMasks, limits: settings.limits)
    let mask = clip.coded(try source.mask(at: 0))
    for object in mask.objects { anchor.take(mask.coverage(of: object), as: object) }
  }

  /// A box in which the engine sees no object is taken whole: that is what the person drew.
  static func notEmpty(_ mask: Plane<UInt8>, _ asked: Prompts, _ info: MediaInfo) -> Plane<UInt8> {
    guard mask.boundingBox == nil, let box = asked.box else { return mask }
    return whole(box, info)
  }

  /// The boxes that stand for a still mark by themselves, without a click.
  static func stillBoxes(_ prompts: [ObjectPrompt], in info: MediaInfo) -> [StillBox] {
    Set(prompts.map(\.frame)).sorted().flatMap { frame in
      let onFrame = prompts.filter { $0.frame == frame }
      return Set(onFrame.map(\.object)).sorted().compactMap { object -> StillBox? in
        let asked = Self.prompts(onFrame.filter { $0.object == object }, in: info)
        guard asked.inside.isEmpty, asked.insideStrokes.isEmpty, let box = asked.box, !box.isEmpty else { return nil }
        return StillBox(object: UInt8(object), frame: frame, box: box, lettering: nil)
      }
    }
  }

  static func whole(_ box: Region, _ info: MediaInfo) -> Plane<UInt8> {
    var plane = Plane<UInt8>(width: info.width, height: info.height, repeating: 0)
    let part = box.intersection(plane.bounds)
    for y in part.y..<part.maxY { for x in part.x..<part.maxX { plane[x, y] = 255 } }
    return plane
  }

  /// One object's prompts as the engine takes them, turned as the frames are coded.
  static func prompts(_ prompts: [ObjectPrompt], in info: MediaInfo) -> Prompts {
    var out = Prompts()
    func coded(_ x: Int, _ y: Int) -> Prompts.Point {
      let point = info.orientation.coded(x: x, y: y, codedWidth: info.width, codedHeight: info.height)
      return Prompts.Point(x: point.x, y: point.y)
    }
    for prompt in prompts {
      switch prompt.shape {
      case .point(let x, let y): out.inside.append(coded(x, y))
      case .avoid(let x, let y): out.outside.append(coded(x, y))
      case .box(let box):
        let bounds = Region(x: 0, y: 0, width: info.displayedWidth, height: info.displayedHeight)
        let inside = info.orientation.coded(
          box.intersection(bounds), codedWidth: info.width, codedHeight: info.height)
        out.box = out.box?.union(inside) ?? inside
      case .scribble(let points, let isInside):
        let stroke = Prompts.Stroke(points: points.map { coded($0.x, $0.y) })
        if isInside { out.insideStrokes.append(stroke) } else { out.outsideStrokes.append(stroke) }
      case .mask: break
      }
    }
    return out
  }
}

extension Prompts {
  fileprivate var saysNothing: Bool {
    inside.isEmpty && outside.isEmpty && box == nil && insideStrokes.isEmpty && outsideStrokes.isEmpty
  }
}

extension Anchor {
  /// Labels `coverage` as `object`; a pixel that two objects claim goes to the smaller one, a part on its whole.
  mutating func take(_ coverage: Plane<UInt8>, as object: UInt8) {
    var areas = [Int](repeating: 0, count: 256)
    for label in mask.labels.samples { areas[Int(label)] += 1 }
    let area = coverage.samples.reduce(0) { $0 + ($1 != 0 ? 1 : 0) }
    for i in mask.labels.samples.indices {
      let holder = mask.labels.samples[i]
      if holder == object { mask.labels.samples[i] = coverage.samples[i] != 0 ? object : 0 }
      if coverage.samples[i] != 0, holder == 0 || holder == object || areas[Int(holder)] > area {
        mask.labels.samples[i] = object
      }
    }
    objects.insert(object)
  }
}
