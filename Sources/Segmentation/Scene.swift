import Imaging

/// All that is found on a frame before the first prompt: superpixels, their graph and three merge trees.
struct Scene: Sendable {
  /// The frame at its full size.
  let image: RGBImage
  let scale: WorkingScale
  let lab: LabImage
  let graph: RegionGraph
  /// What `ContextNetwork` looks at.
  let cells: CellGrid
  /// In the order of `MergeTree.Order.allCases`.
  let trees: [MergeTree]
  /// Lengths of the graph's edges for `Geodesics`.
  let edgeLengths: [Float]
  let colorLengths: [Float]
  /// How far each superpixel is from the frame's border, in `edgeLengths`.
  let borderDistances: [Float]
  let threads: Int
  /// nil where the frame has no neighbours.
  let motion: SceneMotion?
  /// The superpixels that move otherwise than the camera; nil as `motion` is.
  let moving: [Bool]?

  var frameArea: Float { Float(scale.width * scale.height) }
  var superpixels: Superpixels { graph.superpixels }

  init(_ image: RGBImage, neighbours: [RGBImage] = [], threads: Int) {
    let scale = WorkingScale(width: image.width, height: image.height)
    let reduced = scale.reduce(image, threads: threads)
    self.image = image
    self.scale = scale
    self.threads = threads
    lab = LabImage(reduced)
    let gradients = GradientScales(lab, threads: threads)
    let others = neighbours.map { scale.reduce($0, threads: threads) }
    motion = SceneMotion(reduced, neighbours: others, threads: threads)
    var superpixels = Superpixels(gradients)
    var isMoving: [Bool] = []
    if let motion {
      isMoving = MotionCut(motion.ownMotion, lab).isMoving
      superpixels = superpixels.parted(by: isMoving)
    }
    graph = RegionGraph(superpixels: superpixels, gradients: gradients)
    cells = CellGrid(reduced, graph)
    moving = isMoving.isEmpty ? nil : Scene.moving(isMoving, graph)
    trees = Scene.trees(graph, threads: threads)
    edgeLengths = Geodesics.lengths(graph, .edges)
    colorLengths = Geodesics.lengths(graph, .colors)
    borderDistances = Geodesics.distances(graph, lengths: edgeLengths, from: graph.borderRegions)
  }

  private static func moving(_ pixels: [Bool], _ graph: RegionGraph) -> [Bool] {
    var counts = [Float](repeating: 0, count: graph.count)
    for (p, label) in graph.superpixels.labels.enumerated() where pixels[p] { counts[Int(label)] += 1 }
    return counts.indices.map { counts[$0] * 2 > graph.regions[$0].area }
  }

  private static func trees(_ graph: RegionGraph, threads: Int) -> [MergeTree] {
    MergeTree.Order.allCases.map { MergeTree(graph, order: $0) }
  }
}
