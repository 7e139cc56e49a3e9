import Imaging
import TestSupport

@testable import Segmentation

/// Touching regions of all sizes, and how many people part them.
enum PairSampling {
  private static let regionCounts = [1000, 300, 100, 40]

  static func sample(
    _ picture: LabelledPicture, _ random: inout SplitMix64, into sink: inout SampleSink
  ) throws {
    let scene = Scene(picture.image, threads: 1)
    let graph = scene.graph
    add(Array(0..<graph.count), graph.regions, scene, picture, keep: 0.25, &random, &sink)
    for tree in scene.trees {
      for count in regionCounts where count < graph.count {
        // The last merges undone: nodes whose parent was made among them, or later.
        let limit = tree.nodeCount - (count - 1)
        var nodeOf = [Int](repeating: 0, count: graph.count)
        for node in 0..<limit where Int(tree.parents[node]) >= limit || tree.parents[node] < 0 {
          for leaf in tree.leaves(of: node) { nodeOf[Int(leaf)] = node }
        }
        add(nodeOf, tree.statistics, scene, picture, keep: 0.25, &random, &sink)
      }
    }
  }

  private static func add(
    _ nodeOf: [Int], _ statistics: [RegionStatistics], _ scene: Scene, _ picture: LabelledPicture, keep: Double,
    _ random: inout SplitMix64, _ sink: inout SampleSink
  ) {
    var boundaries: [UInt64: Boundary] = [:]
    for edge in scene.graph.edges {
      let (a, b) = (nodeOf[Int(edge.a)], nodeOf[Int(edge.b)])
      guard a != b else { continue }
      boundaries[UInt64(min(a, b)) << 32 | UInt64(max(a, b)), default: .zero].sums += edge.boundary.sums
    }
    let majorities = picture.segmentations.map { majority($0, scene, nodeOf) }
    for key in boundaries.keys.sorted() where Double.random(in: 0..<1, using: &random) < keep {
      let (a, b) = (Int(key >> 32), Int(key & 0xffff_ffff))
      let parted = majorities.reduce(Float(0)) { $0 + ($1[a] != $1[b] ? 1 : 0) } / Float(majorities.count)
      let pair = PairFeatures(statistics[a], statistics[b], boundary: boundaries[key]!)
      sink.add("pairs", (0..<16).map { pair.values[$0] } + [parted, 1])
    }
  }

  /// The label that holds most of each node, by person.
  private static func majority(_ labels: [UInt16], _ scene: Scene, _ nodeOf: [Int]) -> [Int: UInt16] {
    var counts: [Int: [UInt16: Int]] = [:]
    for (pixel, label) in labels.enumerated() {
      counts[nodeOf[Int(scene.superpixels.labels[pixel])], default: [:]][label, default: 0] += 1
    }
    return counts.mapValues { $0.max { ($0.value, $1.key) < ($1.value, $0.key) }!.key }
  }
}
