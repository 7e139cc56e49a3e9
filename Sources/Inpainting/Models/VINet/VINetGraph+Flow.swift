import NeuralGraph

extension VINetGraph {
  private static let reach = 4
  private static let span = 2 * reach + 1

  /// Another frame brought into the reference's place: `reference_32`… and `other_32`… -> `warped_32`… and `flow_128`.
  ///
  /// Taps: `flownet`, `flownet_corr` and `warping` of each level, the finer ones with `_64` and `_128` after the network's
  /// name; `warping_64_again` is the warp by the refined flow.
  static func alignment(_ graph: GraphBuilder, alignCorners: Bool, sizes: [[Int]]) {
    var flow: Value?
    for (level, size) in zip(levels, sizes) {
      let shape = [1, level.channels] + size
      let reference = graph.input("reference_\(level.name)", shape)
      let other = graph.input("other_\(level.name)", shape)
      let suffix = level.name == "32" ? "" : "_" + level.name
      var warped = other
      let before = flow.map { doubled($0) * 2 }
      if let before {
        warped = other.warp(before, outside: .zeros, alignCorners: alignCorners).tap("warping" + suffix)
      }
      let residual = flowNetwork(graph, "flownet" + suffix, reference, warped, before)
      let found = before.map { residual + $0 } ?? residual
      let name = "warping" + suffix + (before == nil ? "" : "_again")
      graph.output(
        "warped_\(level.name)", other.warp(found, outside: .zeros, alignCorners: alignCorners).tap(name))
      flow = found
    }
    if let flow { graph.output("flow_128", flow) }
  }

  /// The flow from `reference` to `other`, given what is known of it.
  static func flowNetwork(
    _ graph: GraphBuilder, _ name: String, _ reference: Value, _ other: Value, _ known: Value?
  ) -> Value {
    let scope = WeightScope(name)["flow_estimator"]
    let similar = correlation(graph, reference, other).tap(name + "_corr")
    var x = graph.concat([reference, similar] + (known.map { [$0] } ?? []), 1)
    for (index, channels) in [128, 128, 96, 64, 32].enumerated() {
      x = x.conv(scope["convs"][index][0], channels: channels, Window(3, padding: 1)).leakyRelu(0.1)
    }
    let coarse = x.conv(scope["conv1"], channels: 2, Window(3, padding: 1))
    var fine = graph.concat([x, coarse], 1)
    let layers = [(128, 1), (128, 2), (128, 4), (96, 8), (64, 16), (32, 1), (2, 1)]
    for (index, layer) in layers.enumerated() {
      let window = Window(3, padding: layer.1, dilation: layer.1)
      fine = fine.conv(scope["convs_fine"]["convs"][index][0], channels: layer.0, window).leakyRelu(0.1)
    }
    return (coarse + fine).tap(name)
  }

  /// The mean product of each position with those up to four away in the other map, rows first: [1, 81, height, width].
  ///
  /// Rows are cut into tiles, each multiplied with the piece of the other's row that its positions reach. Of a product's
  /// rows, each one's nine values begin one later than the last one's: rows one longer than they were line them up.
  static func correlation(_ graph: GraphBuilder, _ a: Value, _ b: Value) -> Value {
    let (channels, height, width) = (a.shape[1], a.shape[2], a.shape[3])
    let tile = min(32, width)
    let tiles = (width + tile - 1) / tile
    let piece = tile + 2 * reach
    let rest = tiles * tile - width
    let own = a.pad(right: rest).reshape([channels, height, tiles, tile]).transpose([1, 2, 3, 0])
    let columns = (0..<tiles).flatMap { at in (0..<piece).map { at * tile + $0 } }
    let others = b.pad(top: reach, left: reach, bottom: reach, right: reach + rest)
      .reshape([channels, height + 2 * reach, width + rest + 2 * reach])
      .gather(graph.integers(columns, [tiles, piece]), 2).transpose([1, 2, 0, 3])
    let rows = (0..<span).map { dy -> Value in
      let products = own.matmul(others.slice(0, dy, dy + height)).reshape([height, tiles, tile * piece])
      return products.pad(before: [0, 0, 0], after: [0, 0, tile]).reshape([height, tiles * tile, piece + 1])
        .slice(2, 0, span)
    }
    let all = graph.concat(rows, 2).slice(1, 0, width) * (1 / Float(channels))
    return all.transpose([2, 0, 1]).unsqueeze(0)
  }

  /// The picture read at each pixel moved by `flow`, edges repeated outside.
  ///
  /// By gathering, in pixels: to norm positions for `GridSample` would cost a digit on large pictures.
  static func resampled(_ graph: GraphBuilder, _ x: Value, _ flow: Value) -> Value {
    let (channels, height, width) = (x.shape[1], x.shape[2], x.shape[3])
    let columns = graph.constant((0..<width).map { Float($0) }, [1, 1, 1, width])
    let rows = graph.constant((0..<height).map { Float($0) }, [1, 1, height, 1])
    func axis(_ position: Value, last: Int) -> (near: Value, far: Value, part: Value) {
      let whole = position.floor()
      return (whole.clamped(0, Float(last)), (whole + 1).clamped(0, Float(last)), position - whole)
    }
    let h = axis(flow.slice(1, 0, 1) + columns, last: width - 1)
    let v = axis(flow.slice(1, 1, 2) + rows, last: height - 1)
    let pixels = x.reshape([1, channels, height * width])
    func read(_ column: Value, _ row: Value) -> Value {
      let index = (row * Float(width) + column).cast(.int64).reshape([height * width])
      return pixels.gather(index, 2).reshape([1, channels, height, width])
    }
    func between(_ row: Value) -> Value {
      read(h.near, row) * (1 - h.part) + read(h.far, row) * h.part
    }
    return between(v.near) * (1 - v.part) + between(v.far) * v.part
  }

  // MARK: Parts alone

  static func correlation(_ graph: GraphBuilder, shape: [Int]) {
    graph.output("correlation", correlation(graph, graph.input("a", shape), graph.input("b", shape)))
  }

  /// `x` read where `flow` points, by each of the warps.
  static func warps(_ graph: GraphBuilder, shape: [Int]) {
    let x = graph.input("x", shape)
    let flow = graph.input("flow", [shape[0], 2, shape[2], shape[3]])
    graph.output("warp_align_false", x.warp(flow, outside: .zeros, alignCorners: false))
    graph.output("warp_align_true", x.warp(flow, outside: .zeros))
    graph.output("resample2d", resampled(graph, x, flow))
  }
}
