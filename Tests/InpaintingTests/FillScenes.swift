import Imaging
import TestSupport

@testable import Inpainting

/// Windows cut from rendered scenes, their holes painted grey.
struct FillScene {
  let truth: [RGBImage]
  private(set) var window: InpaintingWindow

  init(
    width: Int = 160, height: Int = 96, count: Int = 12,
    options: SyntheticScene.Options = .with { $0.hasShadow = false }
  ) {
    let scene = SyntheticScene(width: width, height: height, frameCount: count, seed: 3, options: options)
    let frames = (0..<count).map { scene.frame($0) }
    let holes = frames.map { $0.changed.spread(by: 2) }
    self.init(truth: frames.map(\.cleanPlate), images: frames.map(\.image), holes: holes)
  }

  init(truth: [RGBImage], images: [RGBImage]? = nil, holes: [Plane<UInt8>]) {
    self.truth = truth
    let frames = zip(images ?? truth, holes).map { image, hole in
      var image = image
      for index in image.pixels.indices where hole.samples[index] != 0 {
        image.pixels[index] = SIMD4(32768, 32768, 32768, 0)
      }
      return image
    }
    window = InpaintingWindow(
      frames: frames, holes: holes, filled: holes.map { _ in nil }, core: 0..<frames.count)
  }

  /// Shows `frames` in the window, holes and all.
  mutating func uncover(_ frames: [RGBImage]) { window.frames = frames }

  /// A texture under a camera that pans `step` pixels a frame, with one box held over it.
  static func panning(step: Int, count: Int, box: Region, width: Int = 120, height: Int = 80) -> FillScene {
    let truth = (0..<count).map { index in
      RGBImage(
        width: width, height: height,
        pixels: (0..<width * height).map { texture($0 % width + step * index, $0 / width) })
    }
    return FillScene(truth: truth, holes: truth.map { _ in FillScene.hole(box, width, height) })
  }

  /// The scene with noise of its own in each frame, even over 16 levels.
  static func noisy(_ scene: FillScene) -> FillScene {
    var random = SplitMix64(seed: 11)
    let truth = scene.truth.map { image in
      var image = image
      for pixel in image.pixels.indices {
        let noise = Float(random.next() % 4096) / 256 - 8
        image.pixels[pixel] = RGBImage.fixed(image.level(pixel: pixel) + SIMD4(noise, noise, noise, 0))
      }
      return image
    }
    return FillScene(truth: truth, holes: scene.window.holes)
  }

  static func hole(_ box: Region, _ width: Int, _ height: Int) -> Plane<UInt8> {
    var plane = Plane<UInt8>(width: width, height: height, repeating: 0)
    for y in box.y..<box.maxY { for x in box.x..<box.maxX { plane[x, y] = 255 } }
    return plane
  }

  /// Blotches of a few pixels from hashed lattice values, smoothly joined.
  static func texture(_ x: Int, _ y: Int) -> SIMD4<UInt16> {
    func lattice(_ x: Int, _ y: Int) -> Float {
      var h = UInt32(truncatingIfNeeded: x &* 73_856_093 ^ y &* 19_349_663)
      h = (h ^ (h >> 15)) &* 0x2c1b_3c6d
      h = (h ^ (h >> 12)) &* 0x297a_2d39
      return Float((h ^ (h >> 15)) & 0xff)
    }
    let (cx, cy) = (x >> 3, y >> 3)
    let (fx, fy) = (Float(x & 7) / 8, Float(y & 7) / 8)
    let top = lattice(cx, cy) * (1 - fx) + lattice(cx + 1, cy) * fx
    let bottom = lattice(cx, cy + 1) * (1 - fx) + lattice(cx + 1, cy + 1) * fx
    let value = top * (1 - fy) + bottom * fy
    return RGBImage.fixed(SIMD4(value, 255 - value, 0.5 * value + 60, 0))
  }

  /// Mean squared error inside the holes of the core, per component in levels.
  func error(_ output: [FilledFrame]) -> Float {
    var sum: Float = 0
    var count: Float = 0
    for (index, frame) in zip(window.core, output) {
      for pixel in truth[index].pixels.indices where window.holes[index].samples[pixel] != 0 {
        let d = frame.image.level(pixel: pixel) - truth[index].level(pixel: pixel)
        sum += (d * d).sum() / 3
        count += 1
      }
    }
    return sum / max(1, count)
  }

  func fill(_ options: InpaintingOptions = .init(), threads: Int = 1) throws -> [FilledFrame] {
    try BuiltinInpainter(options: options, threads: threads)
      .fill(window, cancellation: Cancellation(), progress: { _ in })
  }
}

extension InpaintingOptions {
  /// Everything off: the membrane alone.
  static var membrane: InpaintingOptions {
    var options = InpaintingOptions()
    options.usesCameraHypothesis = false
    options.usesPersistentHypothesis = false
    options.usesFarFrames = false
    options.completesPatches = false
    options.reach = 0
    return options
  }
}
