import Imaging

/// Clicks, strokes, boxes and masks to objects without weights to be fetched.
///
/// A frame is parted into superpixels; three trees merge them; the trees' regions around the clicks, ranked by a fitted
/// regression, paths over the superpixels' graph, what the frame's neighbours tell of its motion, and a small network that sees
/// them all give each superpixel its odds; another one tells what a later click changes; a minimum cut decides, and a second one
/// at pixels follows the contour. A box that takes up little of its frame is looked at closer: what lies around it is prepared
/// as a frame of its own.
public struct BuiltinSegmenter: Segmenter {
  private let threads: Int

  /// - Parameter threads: the answers do not depend on it.
  public init(threads: Int = 1) { self.threads = max(1, threads) }

  public func prepare(_ image: RGBImage) throws -> BuiltinPreparedFrame {
    try prepare(image, beside: [])
  }

  public func prepare(_ image: RGBImage, beside neighbours: [RGBImage]) throws -> BuiltinPreparedFrame {
    let alike = neighbours.filter { $0.bounds == image.bounds }
    return BuiltinPreparedFrame(Scene(image, neighbours: alike, threads: threads))
  }
}

/// A frame ready for prompts; may be asked from several threads at once.
public struct BuiltinPreparedFrame: PreparedFrame {
  let scene: Scene
  let memo = ReplayMemo()
  private let zooms = ZoomMemo()

  init(_ scene: Scene) { self.scene = scene }

  var image: RGBImage { scene.image }

  public func candidates(for prompts: Prompts, limit: Int) throws -> [Candidate] {
    try prompts.validate(width: image.width, height: image.height)
    if let zoom = BoxZoom(prompts, in: image.bounds), !scene.moves(in: zoom) {
      let closer = try zooms.frame(zoom, of: scene).candidates(for: zoom.moved(prompts), limit: limit)
      return closer.map { Candidate(mask: zoom.placed($0.mask, in: image.bounds), score: $0.score) }
    }
    let odds = PromptOdds(scene, prompts: prompts, memo: memo)
    var labels = RegionCut.labels(scene, logits: odds.logits, seeds: odds.seeds, coverage: odds.coverage)
    // A short contour can cost more than a small object is worth; the odds then stand as they are.
    if !labels.contains(true) { labels = odds.logits.map { $0 > 0 } }
    // A given mask leaves no choice of scale.
    let pool = AnswerPool(scene, odds: odds, likeliest: labels, limit: prompts.mask == nil ? limit : 1)
    return inParallel(pool.answers.count, threads: scene.threads) {
      Candidate(mask: refinedMask(pool.answers[$0].labels, prompts: prompts), score: pool.answers[$0].score)
    }
  }
}

extension Scene {
  /// Whether something moves there, which only the frame as a whole shows.
  fileprivate func moves(in zoom: BoxZoom) -> Bool {
    guard let moving else { return false }
    let part = scale.reduced(zoom.region)
    return graph.regions.indices.contains {
      moving[$0] && part.contains(x: Int(graph.regions[$0].centroid.x), y: Int(graph.regions[$0].centroid.y))
    }
  }
}
