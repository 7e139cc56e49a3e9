import Inpainting
import NeuralGraph
import NeuralRuntime

struct VINetParity: ParityNetwork {
  private let vinet: VINetNetwork

  init(weights: NetworkWeights, runtime: NeuralRuntime, options: SessionOptions) throws {
    vinet = try VINetNetwork(weights: weights, runtime: runtime, options: options)
  }

  func tolerance(_ parityCase: ParityCase, _ output: ParityOutput) -> ParityTolerance {
    if parityCase.isKind("video") { return output.type == "float32" ? .stateful : .absolute(0) }
    guard parityCase.isKind("call") else { return .block }
    let results = ["output", "decoded", "flow_256", "flow_512", "flows_128", "occlusion", "hidden", "cell"]
    return results.contains(output.name) || output.name == "warped_previous" ? .wholeNetwork : .block
  }

  mutating func outputs(of parityCase: ParityCase, _ inputs: ParityInputs) throws -> [String: NeuralTensor] {
    if parityCase.isKind("correlation") {
      return ["correlation": try vinet.correlation(inputs.tensor("a"), inputs.tensor("b"))]
    }
    if parityCase.isKind("warps") { return try vinet.warps(inputs.tensor("x"), flow: inputs.tensor("flow")) }
    if parityCase.isKind("lstm") {
      let state = try vinet.remember(inputs.tensor("x"), state(inputs))
      return ["hidden": state.hidden, "cell": state.cell]
    }
    let network = VINetNetwork(vinet, settings: settings(parityCase))
    if parityCase.isKind("call") { return try call(network, parityCase, inputs) }
    if parityCase.isKind("video") { return try video(network, parityCase, inputs) }
    return [:]
  }

  private func settings(_ parityCase: ParityCase) -> VINetSettings {
    var settings = VINetSettings()
    settings.crop = parityCase["crop"]?.int ?? settings.crop
    settings.doubleSize = parityCase["double_size"]?.bool ?? settings.doubleSize
    settings.alignsCorners = parityCase["align_corners"]?.bool ?? false
    settings.stride = parityCase["t_stride"]?.int ?? settings.stride
    settings.preRun = parityCase["pre_run"]?.int ?? settings.preRun
    return settings
  }

  private func state(_ inputs: ParityInputs) throws -> VINetNetwork.State {
    VINetNetwork.State(hidden: try inputs.tensor("hidden"), cell: try inputs.tensor("cell"))
  }

  // MARK: One call

  private func call(
    _ network: VINetNetwork, _ parityCase: ParityCase, _ inputs: ParityInputs
  ) throws -> [String: NeuralTensor] {
    let feeds = try feeds(inputs)
    let middle = feeds.count / 2
    let reference = try network.encode(feeds[middle], reference: true)
    let others = try feeds.indices.filter { $0 != middle }.map { try network.encode(feeds[$0], reference: false) }
    let previous = VINetNetwork.feed(
      try inputs.tensor("previous_output"), mask: try inputs.tensor("previous_mask").floats, hides: false)
    let features = try network.encode(previous, reference: false)
    let call = try network.call(
      reference, others: others, previous: (previous, features), isFirst: parityCase["index"]?.int ?? 0 == 0,
      state: parityCase.hasInput("hidden") ? state(inputs) : nil, taps: taps(parityCase))
    var outputs = call.fused.merging(call.settled) { first, _ in first }
    for (level, tensor) in reference.levels { outputs["enc1_" + level] = tensor }
    for (index, features) in (others + [features]).enumerated() {
      let place = index < others.count ? "other\(index)" : "previous"
      for (level, tensor) in features.levels { outputs["enc2_\(level)_\(place)"] = tensor }
    }
    addAligned(call.aligned, &outputs)
    outputs["lstm_hidden"] = call.state.hidden
    outputs["lstm_cell"] = call.state.cell
    outputs["warping_256_first"] = call.settled["warping_256"]
    outputs["flow_256"] = call.settled["flow"]
    outputs["flow_512"] = call.settled["flow"]
    for (name, picture) in [("decoded", call.decoded), ("output", call.output)] {
      outputs[name] = picture.reshaped([1, 3, 1] + picture.shape[2...])
    }
    return outputs
  }

  /// Each of the five frames with its mask.
  private func feeds(_ inputs: ParityInputs) throws -> [NeuralTensor] {
    let frames = try inputs.tensor("frames")
    let mask = try inputs.tensor("mask").floats
    let (count, height, width) = (frames.shape[2], frames.shape[3], frames.shape[4])
    let area = height * width
    return (0..<count).map { index in
      let colours = frames.withFloats { floats in
        NeuralTensor([1, 3, height, width]) { out in
          for at in out.indices { out[at] = floats[(at / area * count + index) * area + at % area] }
        }
      }
      return VINetNetwork.feed(colours, mask: Array(mask[index * area..<(index + 1) * area]), hides: true)
    }
  }

  private func taps(_ parityCase: ParityCase) -> VINetNetwork.CallTaps {
    var taps = VINetNetwork.CallTaps()
    for name in parityCase.outputs.map(\.name) {
      if name.hasPrefix("dec_") || name.hasPrefix("st_agg") || ["bottleneck", "occlusion"].contains(name) {
        taps.fusion.insert(name)
      } else if name == "warping_256_first" {
        taps.settling.insert("warping_256")
      } else if name.hasPrefix("masknet") {
        if name == "masknet_256" { taps.settling.insert(name) } else { taps.fusion.insert(name) }
      } else if name == "flownet_256" || name == "flownet_256_corr" || name == "warped_previous" {
        taps.settling.insert(name)
      } else if name == "flownet_256_0" || name == "flownet_256_corr0" {
        taps.settling.insert(name == "flownet_256_0" ? "flownet_256" : "flownet_256_corr")
      } else {
        taps.alignment.formUnion(Self.alignmentTaps.filter { name.hasPrefix($0) })
      }
    }
    return taps
  }

  private static let alignmentTaps = ["", "_64", "_128"].flatMap {
    ["flownet\($0)", "flownet\($0)_corr", "warping\($0)"]
  }

  /// A number after a part's name is its call; the first call of a finer level's warp is by the flow before it is refined.
  private func addAligned(_ aligned: [[String: NeuralTensor]], _ outputs: inout [String: NeuralTensor]) {
    for (index, parts) in aligned.enumerated() {
      for name in Self.alignmentTaps {
        guard let tensor = parts[name] else { continue }
        outputs[name + (name.hasSuffix("_corr") ? "" : "_") + "\(index)"] = tensor
        if index == 0 { outputs[name + "_first"] = tensor }
      }
    }
    let flows = aligned.map { $0["flow_128"]! }
    let size = Array(flows[0].shape[2...])
    let area = size.reduce(1, *)
    outputs["flows_128"] = NeuralTensor([1, 2, flows.count] + size) { out in
      for (index, flow) in flows.enumerated() {
        flow.withFloats { floats in
          for at in floats.indices { out[(at / area * flows.count + index) * area + at % area] = floats[at] }
        }
      }
    }
  }

  // MARK: A video

  private func video(
    _ network: VINetNetwork, _ parityCase: ParityCase, _ inputs: ParityInputs
  ) throws -> [String: NeuralTensor] {
    let frames = try inputs.tensors(prefix: "frame")
    let mask = try inputs.tensor("mask").floats
    guard let first = frames.first, mask.count == frames.count * first.count / 3 else {
      throw ParityError("\(parityCase.name): frames and masks of different sizes")
    }
    let area = first.count / 3
    var video = VINetVideo(network, count: frames.count) { index in
      (colours: frames[index], mask: Array(mask[index * area..<(index + 1) * area]))
    }
    var outputs = [
      "order": NeuralTensor(video.order.map { Float($0) }, [video.order.count]),
      "window_last": NeuralTensor(video.window(video.order.count - 1).map { Float($0) }, [5]),
    ]
    for step in video.order.indices {
      let output = try video.next().output
      outputs["output\(step)"] = output.reshaped([1, 3, 1] + output.shape[2...])
    }
    return outputs
  }
}
