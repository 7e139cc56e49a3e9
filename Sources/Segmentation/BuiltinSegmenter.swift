import Imaging

/// Clicks, strokes, boxes and masks to objects without network weights.
///
/// A frame is parted into superpixels; three trees merge them; the trees' regions around the clicks, ranked by a fitted
/// regression, and paths over the superpixels' graph give each superpixel its odds; a minimum cut decides, and a second
/// one at pixels follows the contour.
public struct BuiltinSegmenter: Segmenter {
  private let threads: Int

  /// - Parameter threads: used while preparing; the answers do not depend on it.
  public init(threads: Int = 1) { self.threads = max(1, threads) }

  public func prepare(_ image: RGBImage) throws -> BuiltinPreparedFrame {
    BuiltinPreparedFrame(image, scene: Scene(image, threads: threads))
  }
}

/// A frame ready for prompts. Immutable; may be asked from several threads at once.
public struct BuiltinPreparedFrame: PreparedFrame {
  let image: RGBImage
  let scene: Scene

  init(_ image: RGBImage, scene: Scene) {
    self.image = image
    self.scene = scene
  }

  public func candidates(for prompts: Prompts) throws -> [Candidate] {
    try prompts.validate(width: image.width, height: image.height)
    let seeds = Seeds(prompts, scale: scene.scale, superpixels: scene.superpixels)
    let features = ClickFeatures(scene, seeds: seeds)
    let logits = features.values.map { FittedModels.click.logit($0) }
    let labels = RegionCut.labels(scene, logits: logits, seeds: seeds)
    return [Candidate(mask: mask(of: labels), score: features.inside.first?.ranked.map(\.score).max() ?? 0)]
  }

  /// The superpixels' labels at the frame's size.
  func mask(of labels: [Bool]) -> Plane<UInt8> {
    var mask = Plane<UInt8>(width: image.width, height: image.height, repeating: 0)
    for y in 0..<image.height {
      for x in 0..<image.width {
        let (u, v) = scene.scale.reduced(x: x, y: y)
        if labels[Int(scene.superpixels.labels[v * scene.scale.width + u])] { mask[x, y] = 255 }
      }
    }
    return mask
  }
}
