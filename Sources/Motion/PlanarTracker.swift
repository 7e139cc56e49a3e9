import Imaging

/// Why a planar target cannot be followed.
public struct MotionError: Error, Sendable, CustomStringConvertible {
  public enum Code: String, Sendable {
    /// The mask and the frame, or a frame and the one before, differ in size.
    case wrongSize
    /// The mask is empty, or too small or plain to follow.
    case nothingToFollow
  }

  public let code: Code
  public let context: String
  public var description: String { context }
}

/// Follows something flat (a logo, a plate, a sign) from the frame where its mask is given.
///
/// Every frame is aligned with the first one, so that nothing drifts however long the clip; the frame before only says
/// where to begin. What covers a part of the target is left out; a target that was lost is searched for. A value:
/// copying it forks the track. Results do not depend on threads.
public struct PlanarTracker: Sendable {
  private let template: PlanarTemplate
  private let mask: CarriedMask
  private let flow: OpticalFlow
  private var last: RGBImage
  /// From target coordinates to the last frame in which the target was found.
  private var map: Homography
  /// How much of the target the last match accounted for.
  private var explained: Float = 1
  private var isLost = false

  /// Correlation, and share in sight, below which a match is not believed.
  private static let leastCorrelation: Float = 0.7
  private static let leastVisible: Float = 0.3
  /// A match that accounts for less than this share of what the one before did may have slipped: the target is searched for.
  private static let suddenLoss: Float = 0.85

  /// - Parameters:
  ///   - image: the frame that the target is taken from.
  ///   - mask: of its size; samples of 128 and more are the target.
  /// - Throws: `MotionError`.
  public init(image: RGBImage, mask: Plane<UInt8>, threads: Int = 1) throws(MotionError) {
    guard image.width == mask.width, image.height == mask.height else {
      throw MotionError(
        code: .wrongSize,
        context: "the mask is \(mask.width)x\(mask.height), the frame \(image.width)x\(image.height)")
    }
    let mask = mask.map { $0 >= 128 ? UInt8(255) : 0 }
    guard let template = PlanarTemplate(image, mask: mask), let map = template.toTarget.inverse else {
      throw MotionError(code: .nothingToFollow, context: "the mask is too small to follow as something flat")
    }
    self.template = template
    self.mask = CarriedMask(mask, box: template.box)
    self.map = map
    last = image
    flow = OpticalFlow(.fast, threads: threads)
  }

  /// Takes the next frame of the walk, forward or backward. A frame of another size counts as lost.
  public mutating func step(_ image: RGBImage) -> PlanarMatch {
    guard image.width == last.width, image.height == last.height else {
      return match(PlanarAlignment.Result(map: map, ncc: 0, visibleShare: 0), image, isLost: true)
    }
    var found = isLost ? nil : follow(image)
    if found.map({ $0.explained < Self.suddenLoss * explained }) ?? true,
      let sought = PlanarSearch(template: template, image: image).find(near: map),
      sought.explained > found?.explained ?? 0
    {
      found = sought
    }
    last = image
    isLost = found == nil
    explained = found?.explained ?? 0
    guard let found else {
      return match(PlanarAlignment.Result(map: map, ncc: 0, visibleShare: 0), image, isLost: true)
    }
    map = found.map
    return match(found, image, isLost: false)
  }

  /// The next frame begins another shot: the target is searched for in all of it.
  public mutating func cut() { isLost = true }

  static func isBelieved(_ result: PlanarAlignment.Result) -> Bool {
    result.ncc >= leastCorrelation && result.visibleShare >= leastVisible
  }

  private func match(_ result: PlanarAlignment.Result, _ image: RGBImage, isLost: Bool) -> PlanarMatch {
    let homography = (result.map * template.toTarget).normalised
    let carried =
      isLost
      ? Plane(width: image.width, height: image.height, repeating: 0) : inSight(result, homography, image)
    return PlanarMatch(
      homography: homography, ncc: result.ncc, visibleShare: result.visibleShare,
      corners: homography.corners(of: template.box).map { SIMD2<Float>($0) }, mask: carried, isLost: isLost)
  }

  /// The mask carried to the frame, without what is covered there.
  private func inSight(_ result: PlanarAlignment.Result, _ homography: Homography, _ image: RGBImage) -> Plane<UInt8> {
    var carried = mask.carried(by: homography, width: image.width, height: image.height)
    guard result.visibleShare < 1,
      let quad = homography.bounds(of: template.box, width: image.width, height: image.height)
    else { return carried }
    let frame = LumaPyramid(image, region: quad.grown(by: 8).intersection(image.bounds), levels: 7)
    PlanarAlignment(template: template, frame: frame).occlusion(at: result.map)?
      .takeOut(of: &carried, map: result.map)
    return carried
  }

  /// From where the flow says that the target went, and from where it was.
  private func follow(_ image: RGBImage) -> PlanarAlignment.Result? {
    let home = map * template.toTarget
    guard let quad = home.bounds(of: template.box, width: image.width, height: image.height) else { return nil }
    let margin = max(24, max(quad.width, quad.height) * 6 / 10)
    let region = quad.grown(by: margin).intersection(image.bounds)
    let before = LumaPyramid(last, region: region, levels: 1)
    let frame = LumaPyramid(image, region: region, levels: 7)
    let moved = flow.flow(from: before.bytes, to: frame.bytes)
    let alignment = PlanarAlignment(template: template, frame: frame)
    let starts = [predicted(moved, region).map { $0 * map }, map].compactMap { $0 }
    let ranked = starts.compactMap { alignment.measure($0, coarse: true) }.sorted { $0.ncc > $1.ncc }
    var best: PlanarAlignment.Result?
    for start in ranked {
      guard let result = alignment.align(from: start.map), Self.isBelieved(result), isSteady(result.map) else {
        continue
      }
      if best == nil || result.explained > best!.explained { best = result }
      if result.explained > 0.85 { break }
    }
    return best
  }

  /// How the flow moves what lies under the target, as a similarity.
  private func predicted(_ flow: FlowField, _ region: Region) -> Homography? {
    var (from, to): ([SIMD2<Double>], [SIMD2<Double>]) = ([], [])
    let places = template.levels[0].places
    for index in stride(from: 0, to: places.count, by: max(1, places.count / 200)) {
      let p = map.apply(SIMD2<Double>(places[index]))
      let (x, y) = (p.x - Double(region.x), p.y - Double(region.y))
      guard x >= 0, y >= 0, x < Double(region.width), y < Double(region.height) else { continue }
      from.append(p)
      to.append(p + SIMD2<Double>(flow.sampled(Float(x), Float(y))))
    }
    guard from.count >= 8 else { return nil }
    let moves = zip(from, to).map { $1 - $0 }
    var fit = Homography.translation(
      moves.map(\.x).sorted()[moves.count / 2], moves.map(\.y).sorted()[moves.count / 2])
    for reach in [6.0, 3, 2] {
      let weights = zip(from, to).map { a, b -> Double in
        let d = fit.apply(a) - b
        let t = max(0, 1 - (d * d).sum() / (reach * reach))
        return t * t
      }
      guard weights.reduce(0, +) > 4, let next = Homography.fit(.similarity, from: from, to: to, weights: weights)
      else { return fit }
      fit = next
    }
    return fit
  }

  /// From one frame to the next a target neither doubles nor halves.
  private func isSteady(_ next: Homography) -> Bool {
    func area(_ h: Homography) -> Double { h.m[0] * h.m[4] - h.m[1] * h.m[3] }
    let ratio = area(next) / area(map)
    return ratio > 0.5 && ratio < 2
  }
}

extension LumaPyramid {
  fileprivate var bytes: Plane<UInt8> { levels[0].map { UInt8(min(255, max(0, $0 + 0.5))) } }
}
