import NeuralGraph
import NeuralRuntime

extension DeAOTNetwork {
  /// Probabilities [1 + objects, height, width] of the background and all objects, the sets of identities joined.
  /// - Parameter logits: for each set [1, 1 + its objects, rows, columns].
  func probabilities(_ logits: [NeuralTensor], height: Int, width: Int) throws -> NeuralTensor {
    var inputs: [String: NeuralTensor] = [:]
    for (index, logits) in logits.enumerated() { inputs["logits\(index)"] = logits }
    let shapes = logits.map(\.shape)
    return try network.run("probabilities \(shapes) at \(height)x\(width)", inputs) { graph in
      let odds = shapes.enumerated().map { index, shape in
        graph.input("logits\(index)", shape).resize([height, width], .bilinear(alignCorners: true)).softmax(1)
      }
      graph.output("probabilities", (odds.count == 1 ? odds[0] : joined(graph, odds)).squeeze(0))
    }["probabilities"]!
  }

  /// The background is what no set takes for one of its objects. Identities that are not in use count as well, at the least
  /// odds there are.
  private func joined(_ graph: GraphBuilder, _ odds: [Value]) -> Value {
    let background = graph.concat(odds.map { $0.slice(1, 0, 1) }, 1).product([1])
    let objects = odds.map { $0.slice(1, 1, $0.shape[1]) }
    let least: Float = 1e-5
    let all = graph.concat([background] + objects, 1).clamped(least, 1 - least)
    // The softmax over logits of odds p is p / (1 - p), by the sum.
    let weights = all / (1 - all)
    let unused = objects.reduce(0) { $0 + sizes.objects - $1.shape[1] }
    return weights / (weights.sum([1]) + Float(unused) * least / (1 - least))
  }

  /// The identity planes [1, 1 + objects, height, width] of a label map: set `set` of identities holds the labels that
  /// follow `set * objects`. The labels of other sets are background; where there is but one set, pixels of labels beyond it
  /// have no identity at all.
  public func identityPlanes(_ labels: LabelMap, set: Int = 0, isAlone: Bool = true) -> NeuralTensor {
    let area = labels.height * labels.width
    let first = set * sizes.objects
    return NeuralTensor([1, sizes.objects + 1, labels.height, labels.width]) { out in
      for (pixel, label) in labels.labels.enumerated() {
        let own = Int(label) - first
        if own >= 1 && own <= sizes.objects {
          out[own * area + pixel] = 1
        } else if label == 0 || !isAlone {
          out[pixel] = 1
        }
      }
    }
  }
}
