import Foundation

/// Shortest paths over the region graph.
enum Geodesics {
  /// What a step from one superpixel to a neighbour costs.
  enum Metric: Sendable {
    /// By how surely an edge lies between.
    case edges
    /// By how far the colours lie apart.
    case colors
  }

  /// The length of each edge of the graph.
  static func lengths(_ graph: RegionGraph, _ metric: Metric) -> [Float] {
    graph.edges.map { edge in
      switch metric {
      case .edges:
        return 0.05 - log(max(1e-3, 1 - edge.boundary.mean[6]))
      case .colors:
        let difference = graph.regions[Int(edge.a)].meanColor - graph.regions[Int(edge.b)].meanColor
        return 0.05 + (difference * difference).sum().squareRoot() / 10
      }
    }
  }

  /// The distance of every superpixel from the nearest source (Dijkstra); infinite where there is none.
  static func distances(_ graph: RegionGraph, lengths: [Float], from sources: [Int]) -> [Float] {
    var distances = [Float](repeating: .infinity, count: graph.count)
    var heap = EdgeHeap()
    for source in sources { distances[source] = 0 }
    // Those in the midst of others lead nowhere.
    for source in sources {
      let leads = graph.edges(at: source).contains { distances[graph.neighbour(of: source, over: $0)] > 0 }
      guard leads else { continue }
      heap.push(EdgeHeap.Item(cost: 0, edge: Int32(source), version: 0))
    }
    while let item = heap.pop() {
      let region = Int(item.edge)
      guard item.cost <= distances[region] else { continue }
      for edge in graph.edges(at: region) {
        let other = graph.neighbour(of: region, over: edge)
        let distance = item.cost + lengths[Int(edge)]
        if distance < distances[other] {
          distances[other] = distance
          heap.push(EdgeHeap.Item(cost: distance, edge: Int32(other), version: 0))
        }
      }
    }
    return distances
  }
}
