import Imaging
import Motion

/// One street with its camera, tree and walkers.
struct Shot: Sendable {
  private let width: Int
  private let height: Int
  private let world: SceneWorld
  private let camera: SceneCamera
  private let tree: SceneTree?
  private let walkers: [SceneWalker]
  private let hasShadow: Bool
  /// How much faster than the world the tree moves across the picture.
  private let treeParallax = 1.3

  init(width: Int, height: Int, seed: UInt64, _ options: SyntheticScene.Options) {
    self.width = width
    self.height = height
    var random = SplitMix64(seed: seed)
    world = SceneWorld(viewWidth: width, viewHeight: height, seed: random.next())
    camera = SceneCamera(
      width: width, height: height, isStatic: options.hasStaticCamera, phase: Double.random(in: 0..<6, using: &random))
    let unit = Float(height) / 240
    let treeNoise = SceneNoise(seed: random.next())
    tree = options.hasTree ? SceneTree(centre: 0.04 * Float(width) / unit, unit: unit, noise: treeNoise) : nil
    hasShadow = options.hasShadow
    let first = SceneWalker(
      label: 1, scale: 0.52 * Float(height), ground: 0.33 * Float(height),
      start: -0.36 * Float(width), end: 0.34 * Float(width),
      isStatic: options.hasStaticObject, noise: SceneNoise(seed: random.next()), cloth: SIMD4(196, 44, 52, 0))
    let second = SceneWalker(
      label: 2, scale: 0.42 * Float(height), ground: 0.26 * Float(height),
      start: 0.3 * Float(width), end: -0.3 * Float(width),
      isStatic: options.hasStaticObject, noise: SceneNoise(seed: random.next()), cloth: SIMD4(228, 176, 40, 0))
    // The second walks farther away, so he is painted first.
    walkers = options.hasTwoObjects ? [second, first] : [first]
  }

  func render(frame: Int, of last: Int, gain: Float, noise: Float, noiseSeed: UInt64) -> SceneFrame {
    let now = Double(frame) / Double(last)
    let toWorld = camera.map(progress: now, frame: frame)
    let toTree = camera.map(progress: now, frame: frame, parallax: treeParallax)
    let next = Double(frame + 1) / Double(last)
    let worldMotion = camera.map(progress: next, frame: frame + 1).inverse * toWorld
    let treeMotion = camera.map(progress: next, frame: frame + 1, parallax: treeParallax).inverse * toTree
    let poses = walkers.map { $0.pose(progress: now, frame: frame) }
    var random = SplitMix64(seed: noiseSeed)
    var image = RGBImage(width: width, height: height)
    var plate = image
    var objects = Mask(width: width, height: height)
    var shadow = Plane<UInt8>(width: width, height: height, repeating: 0)
    var flow = FlowField(width: width, height: height)
    for y in 0..<height {
      for x in 0..<width {
        let place = toWorld(Double(x), Double(y))
        let trunk = tree?.appearance(at: SIMD2<Float>(toTree(Double(x), Double(y)))) ?? (0, .zero)
        let pixel = shade(place, trunk, poses)
        let grain = noise > 0 ? SIMD4<Float>(repeating: noise * Shot.gaussian(&random)) : .zero
        plate[x, y] = RGBImage.fixed(pixel.plate * gain + grain)
        image[x, y] = pixel.isChanged ? RGBImage.fixed(pixel.seen * gain + grain) : plate[x, y]
        objects.labels[x, y] = pixel.label
        shadow[x, y] = pixel.isShadow ? 255 : 0
        let target = (trunk.coverage >= 0.5 ? treeMotion : worldMotion)(Double(x), Double(y))
        flow[x, y] = SIMD2<Float>(target - SIMD2(Double(x), Double(y)))
      }
    }
    return SceneFrame(image: image, cleanPlate: plate, objects: objects, shadow: shadow, backgroundFlow: flow)
  }

  private struct Pixel {
    var plate: SIMD4<Float>
    var seen: SIMD4<Float>
    var label: UInt8
    var isShadow: Bool
    var isChanged: Bool
  }

  private func shade(
    _ place: SIMD2<Double>, _ trunk: (coverage: Float, color: SIMD4<Float>), _ poses: [SceneWalker.Pose]
  ) -> Pixel {
    let ground = world.color(at: place)
    let plate = mix(ground, trunk.color, trunk.coverage)
    guard trunk.coverage < 1 else {
      return Pixel(plate: plate, seen: plate, label: 0, isShadow: false, isChanged: false)
    }
    let at = SIMD2<Float>(place)
    var light: Float = 1
    if hasShadow {
      for (walker, pose) in zip(walkers, poses) { light *= walker.light(pose, at: at) }
    }
    var seen = ground * light
    var label: UInt8 = 0
    var covered: Float = 0
    for (walker, pose) in zip(walkers, poses) {
      let body = walker.appearance(pose, at: at)
      guard body.coverage > 0 else { continue }
      seen = mix(seen, body.color, body.coverage)
      covered = max(covered, body.coverage)
      if body.coverage * (1 - trunk.coverage) >= 0.5 { label = walker.label }
    }
    return Pixel(
      plate: plate, seen: mix(seen, trunk.color, trunk.coverage), label: label,
      isShadow: light <= 0.96 && label == 0 && trunk.coverage < 0.5, isChanged: light < 1 || covered > 0)
  }

  /// About normal with deviation 1: the centred sum of eight uniform bytes.
  private static func gaussian(_ random: inout SplitMix64) -> Float {
    var bits = random.next()
    var sum: Float = 0
    for _ in 0..<8 {
      sum += Float(bits & 0xFF)
      bits >>= 8
    }
    return (sum - 1020) / 209
  }
}
