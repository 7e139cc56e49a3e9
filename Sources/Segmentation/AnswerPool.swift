/// The answers that a prompt leaves to choose from: the likeliest one, and others that are smaller or larger, as parts
/// and wholes are.
struct AnswerPool {
  struct Answer {
    /// Whether each superpixel is inside.
    var labels: [Bool]
    /// The overlap with the true object that is expected, 0…1.
    var score: Float
  }

  /// Answers more alike than this are one.
  private static let alike: Float = 0.8
  /// Besides the likeliest, so many of each kind at most.
  private static let perKind = 2
  /// What is this much smaller or larger than the likeliest is of another kind.
  private static let scale: Float = 0.7
  /// Nothing above this share of the frame is offered.
  private static let largest: Float = 0.7

  private let scene: Scene
  private let seeds: Seeds
  private let expected: ExpectedOverlap
  private(set) var answers: [Answer]

  /// - Parameters:
  ///   - likeliest: the labels that the odds lead to; always the first of the answers.
  ///   - limit: so many answers at most, and at least one.
  init(_ scene: Scene, odds: PromptOdds, likeliest: [Bool], limit: Int) {
    self.scene = scene
    seeds = odds.seeds
    expected = ExpectedOverlap(scene, logits: odds.calibrated)
    answers = [Answer(labels: likeliest, score: expected.of(likeliest))]
    guard limit > 1, let seed = seeds.inside.first else { return }
    var found: [Answer] = []
    let search = WholeSearch(scene: scene, seeds: seeds)
    for labels in search.wholes(from: likeliest) + regions(around: seed) + wholes(around: seed)
      + [scene.movingWhole(around: seed, odds.soleEvidence)].compactMap(\.self)
    {
      if let answer = admitted(labels) { found.append(answer) }
    }
    choose(from: AnswerPool.ranked(found))
    let others = AnswerPool.ranked(Array(answers.dropFirst())).prefix(limit - 1)
    // The cut prefers a short contour to the greatest overlap; what it gives stays the first, and is rated as it is.
    let best = answers[0].score
    answers = [answers[0]] + others.map { Answer(labels: $0.labels, score: min($0.score, best)) }
  }

  /// Best first; equals keep their order.
  private static func ranked(_ answers: [Answer]) -> [Answer] {
    answers.enumerated().sorted { ($0.element.score, $1.offset) > ($1.element.score, $0.offset) }.map(\.element)
  }

  private mutating func choose(from others: [Answer]) {
    let size = area(answers[0].labels)
    var counts = [0, 0, 0]
    for answer in others {
      let ratio = area(answer.labels) / max(size, 1)
      let kind = ratio < AnswerPool.scale ? 0 : ratio * AnswerPool.scale > 1 ? 2 : 1
      guard counts[kind] < AnswerPool.perKind,
        answers.allSatisfy({ overlap($0.labels, answer.labels) < AnswerPool.alike })
      else { continue }
      counts[kind] += 1
      answers.append(answer)
    }
  }

  /// Labels that agree with every click, as an answer.
  private func admitted(_ labels: [Bool]) -> Answer? {
    guard area(labels) <= AnswerPool.largest * scene.frameArea,
      seeds.inside.allSatisfy({ labels[$0.superpixel] }), !seeds.outside.contains(where: { labels[$0.superpixel] })
    else { return nil }
    return Answer(labels: labels, score: expected.of(labels))
  }

  /// The regions of every tree that hold the click, without the frame.
  private func regions(around seed: Seeds.Seed) -> [[Bool]] {
    scene.trees.flatMap { tree in
      tree.ancestors(of: seed.superpixel).dropLast().map { node in
        var labels = [Bool](repeating: false, count: tree.leafCount)
        for leaf in tree.leaves(of: node) { labels[Int(leaf)] = true }
        return labels
      }
    }
  }

  /// What hangs together with the click and is parted from the frame's border by some edge, however unlike its parts
  /// are: sets of the geodesic distance from the border (Wei et al. 2012).
  private func wholes(around seed: Seeds.Seed) -> [[Bool]] {
    let distances = scene.borderDistances
    let height = distances[seed.superpixel]
    guard height > 0, height.isFinite else { return [] }
    return stride(from: Float(0.95), to: 0.1, by: -0.05).map { share in
      scene.graph.connected(to: [seed.superpixel]) { distances[$0] > share * height }
    }
  }

  private func area(_ labels: [Bool]) -> Float {
    var sum: Float = 0
    for i in labels.indices where labels[i] { sum += scene.graph.regions[i].area }
    return sum
  }

  private func overlap(_ a: [Bool], _ b: [Bool]) -> Float {
    var shared: Float = 0
    var either: Float = 0
    for i in a.indices where a[i] || b[i] {
      let area = scene.graph.regions[i].area
      either += area
      if a[i], b[i] { shared += area }
    }
    return either > 0 ? shared / either : 1
  }
}
