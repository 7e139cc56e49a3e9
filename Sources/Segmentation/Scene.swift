import Imaging

/// All that is found on a frame before the first prompt: superpixels, their graph and three merge trees.
struct Scene: Sendable {
  let scale: WorkingScale
  let lab: LabImage
  let gradients: GradientScales
  let graph: RegionGraph
  /// In the order of `MergeTree.Order.allCases`.
  let trees: [MergeTree]
  /// Lengths of the graph's edges for `Geodesics`.
  let edgeLengths: [Float]
  let colorLengths: [Float]
  /// How far each superpixel is from the frame's border, in `edgeLengths`.
  let borderDistances: [Float]
  /// nil where the frame has no neighbours.
  let motion: SceneMotion?

  var frameArea: Float { Float(scale.width * scale.height) }
  var superpixels: Superpixels { graph.superpixels }

  init(_ image: RGBImage, neighbours: [RGBImage] = [], threads: Int) {
    let scale = WorkingScale(width: image.width, height: image.height)
    let reduced = scale.reduce(image, threads: threads)
    self.scale = scale
    lab = LabImage(reduced)
    gradients = GradientScales(lab, threads: threads)
    graph = RegionGraph(superpixels: Superpixels(gradients), gradients: gradients)
    trees = Scene.trees(graph, threads: threads)
    edgeLengths = Geodesics.lengths(graph, .edges)
    colorLengths = Geodesics.lengths(graph, .colors)
    borderDistances = Geodesics.distances(graph, lengths: edgeLengths, from: graph.borderRegions)
    let others = neighbours.map { scale.reduce($0, threads: threads) }
    motion = others.isEmpty ? nil : SceneMotion(reduced, neighbours: others, graph, threads: threads)
  }

  private static func trees(_ graph: RegionGraph, threads: Int) -> [MergeTree] {
    MergeTree.Order.allCases.map { MergeTree(graph, order: $0) }
  }
}
