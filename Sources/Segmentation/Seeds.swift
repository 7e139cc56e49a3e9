import Imaging

/// What a person said, in superpixels: where each click or stroke lies.
struct Seeds: Sendable {
  struct Seed: Sendable, Hashable {
    var superpixel: Int
    /// In working pixels.
    var x: Float
    var y: Float
    /// Which click or stroke of its side it is of.
    var mark = 0
  }

  var inside: [Seed] = []
  var outside: [Seed] = []

  /// More points of a side than this are thinned evenly: long strokes say no more.
  private static let limit = 48

  init() {}

  init(_ prompts: Prompts, scale: WorkingScale, superpixels: Superpixels) {
    inside = Seeds.seeds(prompts.inside.map { [$0] } + prompts.insideStrokes.map(\.rasterized), scale, superpixels)
    outside = Seeds.seeds(prompts.outside.map { [$0] } + prompts.outsideStrokes.map(\.rasterized), scale, superpixels)
  }

  /// One a superpixel, in the order given.
  private static func seeds(_ marks: [[Prompts.Point]], _ scale: WorkingScale, _ superpixels: Superpixels) -> [Seed] {
    var seen = Set<Int>()
    var seeds: [Seed] = []
    for (mark, points) in marks.enumerated() {
      for point in points {
        let (x, y) = scale.reduced(x: point.x, y: point.y)
        let superpixel = Int(superpixels.labels[y * superpixels.width + x])
        guard seen.insert(superpixel).inserted else { continue }
        seeds.append(Seed(superpixel: superpixel, x: Float(x), y: Float(y), mark: mark))
      }
    }
    guard seeds.count > limit else { return seeds }
    return (0..<limit).map { seeds[$0 * seeds.count / limit] }
  }
}
