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

  var frameArea: Float { Float(scale.width * scale.height) }
  var superpixels: Superpixels { graph.superpixels }

  init(_ image: RGBImage, threads: Int) {
    scale = WorkingScale(width: image.width, height: image.height)
    lab = LabImage(scale.reduce(image, threads: threads))
    gradients = GradientScales(lab, threads: threads)
    graph = RegionGraph(superpixels: Superpixels(gradients), gradients: gradients)
    trees = Scene.trees(graph, threads: threads)
    edgeLengths = Geodesics.lengths(graph, .edges)
    colorLengths = Geodesics.lengths(graph, .colors)
    borderDistances = Geodesics.distances(graph, lengths: edgeLengths, from: graph.borderRegions)
  }

  private static func trees(_ graph: RegionGraph, threads: Int) -> [MergeTree] {
    MergeTree.Order.allCases.map { MergeTree(graph, order: $0) }
  }
}
