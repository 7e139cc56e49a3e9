extension Value {
  public enum Interpolation: Sendable {
    /// source = floor(i * in / out).
    case nearest
    /// Half-pixel centres, or the corners aligned (`align_corners`).
    case bilinear(alignCorners: Bool)
    case bicubic(alignCorners: Bool)
  }

  /// The last axes of [batch, channels, …] resampled to `sizes`, without antialiasing.
  public func resize(_ sizes: [Int], _ interpolation: Interpolation) -> Value {
    if Array(shape[2...]) == sizes { return self }
    let target = graph.integers(Array(shape[..<2]) + sizes)
    let attributes: [String: OnnxAttribute]
    switch interpolation {
    case .nearest:
      attributes = [
        "mode": .string("nearest"), "coordinate_transformation_mode": .string("asymmetric"),
        "nearest_mode": .string("floor"),
      ]
    case .bilinear(let aligned):
      attributes = [
        "mode": .string("linear"),
        "coordinate_transformation_mode": .string(aligned ? "align_corners" : "pytorch_half_pixel"),
      ]
    case .bicubic(let aligned):
      attributes = [
        "mode": .string("cubic"), "cubic_coeff_a": .float(-0.75),
        "coordinate_transformation_mode": .string(aligned ? "align_corners" : "pytorch_half_pixel"),
      ]
    }
    return graph.node("Resize", [self, nil, nil, target], attributes, shape: Array(shape[..<2]) + sizes)
  }

  public enum OutsidePicture: String, Sendable {
    case zeros, border, reflection
  }

  /// [batch, channels, height, width] read bilinearly at `grid` [batch, rows, columns, 2], (x, y) in -1…1.
  public func gridSample(_ grid: Value, outside: OutsidePicture, alignCorners: Bool) -> Value {
    if grid.rank != 4 || grid.shape[3] != 2 || grid.shape[0] != shape[0] {
      graph.note("a grid of \(grid.shape) on \(shape)")
      return self
    }
    return graph.node(
      "GridSample", [self, grid],
      [
        "mode": .string("linear"), "padding_mode": .string(outside.rawValue),
        "align_corners": .int(alignCorners ? 1 : 0),
      ], shape: [shape[0], shape[1], grid.shape[1], grid.shape[2]])
  }

  /// The picture read at each pixel moved by `flow` [batch, 2, height, width], (x, y) in pixels.
  ///
  /// With `alignCorners` off the positions are those of networks that normalised for corners and sampled by centres.
  public func warp(_ flow: Value, outside: OutsidePicture, alignCorners: Bool = true) -> Value {
    let (height, width) = (shape[2], shape[3])
    var base = [Float](repeating: 0, count: 2 * height * width)
    for y in 0..<height {
      for x in 0..<width {
        base[(y * width + x) * 2] = Float(x)
        base[(y * width + x) * 2 + 1] = Float(y)
      }
    }
    let position = flow.transpose([0, 2, 3, 1]) + graph.constant(base, [1, height, width, 2])
    let scale = graph.constant([2 / Float(Swift.max(width - 1, 1)), 2 / Float(Swift.max(height - 1, 1))], [2])
    return gridSample(position * scale - 1, outside: outside, alignCorners: alignCorners)
  }
}
