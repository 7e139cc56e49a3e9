import NeuralRuntime
import Tracking

/// A `track…` case of DeAOT, frame by frame.
struct DeAOTParityTrack {
  private let deaot: DeAOTNetwork
  private let inputs: ParityInputs
  private let frames: Int
  private let objects: Int
  private let outputSize: (height: Int, width: Int)
  private let second: (frame: Int, objects: Int)?
  private let feedsGivenLabels: Bool
  private let wantedCounts: [Int]
  private var state: DeAOTState
  private var results: [String: NeuralTensor] = [:]
  private var positions: [[Int]] = []

  init(_ deaot: DeAOTNetwork, _ parityCase: ParityCase, _ inputs: ParityInputs) throws {
    self.deaot = deaot
    self.inputs = inputs
    frames = inputs.names.count { $0.hasPrefix("frame") && $0.dropFirst(5).allSatisfy(\.isNumber) }
    objects = parityCase["objects"]?.int ?? 1
    second = parityCase["second_reference_at"]?.int.map {
      ($0, parityCase["second_reference_objects"]?.int ?? parityCase["objects"]?.int ?? 1)
    }
    feedsGivenLabels = parityCase["labels_fed_back"]?.string == "given"
    wantedCounts = parityCase.outputs.first { $0.name == "long_term_tokens" }?.shape ?? []
    let picture = try inputs.fields("frame0")["shape"]?.ints ?? []
    guard picture.count == 4 else { throw ParityError("\(parityCase.name) has no frame0 of four axes") }
    let size = parityCase["output_size"]?.ints ?? Array(picture[2...])
    guard size.count == 2 else { throw ParityError("\(parityCase.name) has a damaged output_size") }
    outputSize = (size[0], size[1])
    state = DeAOTState(deaot, gap: parityCase["long_term_gap"]?.int ?? 5)
  }

  private func given(_ frame: Int) throws -> LabelMap {
    let own = "labels\(frame)"
    return LabelMap(try inputs.tensor(frame == 0 && !inputs.names.contains(own) ? "labels" : own))
  }

  mutating func outputs() throws -> [String: NeuralTensor] {
    for frame in 0..<frames {
      let image = try inputs.tensor("frame\(frame)")
      let features = try deaot.encode(image)
      if frame == 0 {
        try state.addReference(features, labels: given(0), objects: objects)
      } else if frame == second?.frame {
        try state.addReference(features, labels: given(frame), objects: second!.objects)
        _ = try decode(frame)
      } else {
        try state.propagate(features)
        let predicted = try decode(frame)
        let labels = feedsGivenLabels ? try given(frame) : predicted
        try state.update(labels: labels.resized(width: image.shape[3], height: image.shape[2]))
      }
      positions.append(state.longTermPositions)
    }
    results["long_term_tokens"] = positionCounts
    return results
  }

  /// Positions remembered after each frame by each set of identities; a list where the case wants one, of the last frames.
  private var positionCounts: NeuralTensor {
    let sets = positions.last?.count ?? 0
    let counts = positions.flatMap { row in (0..<sets).map { Float($0 < row.count ? row[$0] : 0) } }
    guard wantedCounts.count == 1, wantedCounts[0] <= counts.count else { return NeuralTensor(counts, [frames, sets]) }
    return NeuralTensor(Array(counts.suffix(wantedCounts[0])), wantedCounts)
  }

  private mutating func decode(_ frame: Int) throws -> LabelMap {
    let logits = try state.logits()
    for (set, tensor) in logits.enumerated() {
      results["quarter_logits\(frame)" + (logits.count > 1 ? "_engine\(set)" : "")] = tensor
    }
    let probabilities = try state.probabilities(height: outputSize.height, width: outputSize.width)
    let labels = probabilities.greatestPlane
    results["prob\(frame)"] = probabilities.reshaped([1] + probabilities.shape)
    results["label\(frame)"] = labels.reshaped([1, 1] + labels.shape)
    for (set, tensor) in state.finalTokens.enumerated() {
      results["final_tokens\(frame)" + (set > 0 ? "_engine\(set)" : "")] = tensor.sequence
    }
    return LabelMap(labels)
  }
}
