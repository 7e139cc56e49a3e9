import NeuralRuntime

extension E2FGVINetwork {
  /// Features of neighbouring frames made to agree along the flow, backward and then forward in time.
  ///
  /// - Parameters:
  ///   - forwardFlows: from each frame to the next. They steer the backward pass, and in both passes the i-th step uses
  ///     the i-th flow, whichever frames it joins: so the weights were trained.
  ///   - backwardFlows: from each frame to the one before.
  ///   - check: called before each step; what it throws ends the work.
  public func propagate(
    _ features: [NeuralTensor], forwardFlows: [NeuralTensor], backwardFlows: [NeuralTensor],
    check: () throws -> Void = {}
  ) throws -> [NeuralTensor] {
    let backward = try pass(.backward, features.reversed(), flows: forwardFlows, other: nil, check)
    let other = Array(backward.reversed())
    let forward = try pass(.forward, features, flows: backwardFlows, other: other, check)
    return try features.indices.map { index in
      let (height, width) = (features[index].shape[2], features[index].shape[3])
      let inputs = ["features": features[index], "backward": other[index], "forward": forward[index]]
      return try network.run("fusion \(height)x\(width)", inputs) {
        E2FGVIGraph.fusion($0, height: height, width: width)
      }["propagated"]!
    }
  }

  /// The states of a pass, in its order.
  private func pass(
    _ branch: PropagationBranch, _ features: [NeuralTensor], flows: [NeuralTensor], other: [NeuralTensor]?,
    _ check: () throws -> Void
  ) throws -> [NeuralTensor] {
    var states: [NeuralTensor] = []
    for (index, current) in features.enumerated() {
      try check()
      let (height, width) = (current.shape[2], current.shape[3])
      let size = "\(branch) \(height)x\(width)"
      var inputs = ["current": current]
      inputs["other"] = other?[index]
      if index == 0 {
        let first = try network.run("first step \(size)", inputs) {
          E2FGVIGraph.firstStep($0, branch, height: height, width: width)
        }
        states.append(first["state"]!)
        continue
      }
      inputs["state1"] = states[index - 1]
      inputs["flow1"] = flows[index - 1]
      inputs["state2"] = index > 1 ? states[index - 2] : NeuralTensor(repeating: 0, current.shape)
      inputs["flow2"] =
        index > 1
        ? try joined(flows[index - 1], flows[index - 2]) : NeuralTensor(repeating: 0, [1, 2, height, width])
      let next = try network.run("step \(size)", inputs) {
        E2FGVIGraph.step($0, branch, height: height, width: width)
      }
      states.append(next["state"]!)
    }
    return states
  }

  private func joined(_ flow: NeuralTensor, _ previous: NeuralTensor) throws -> NeuralTensor {
    let (height, width) = (flow.shape[2], flow.shape[3])
    return try network.run("joined flow \(height)x\(width)", ["flow": flow, "previous": previous]) {
      E2FGVIGraph.joinedFlow($0, height: height, width: width)
    }["joined"]!
  }

  /// The deformable alignment of a pass alone: `aligned`, and the tap `conv_offset` where asked for.
  public func align(
    backward: Bool, _ inputs: [String: NeuralTensor], taps: Set<String> = []
  ) throws -> [String: NeuralTensor] {
    guard let shape = inputs["x"]?.shape, shape.count == 4 else { throw NeuralError(.badTensor, "no states to align") }
    let branch: PropagationBranch = backward ? .backward : .forward
    return try network.run("alignment \(branch) \(shape[2])x\(shape[3])", inputs, taps: taps) {
      E2FGVIGraph.alignment($0, branch, height: shape[2], width: shape[3])
    }
  }
}
