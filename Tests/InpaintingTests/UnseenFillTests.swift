import Imaging
import TestSupport
import Testing

@testable import Inpainting

/// What no frame shows: a camera and a mark that both stand still.
@Suite struct UnseenFillTests {
  /// Rows of triangles in five colours on white, like printed cloth, under light that falls off to one side.
  private static func cloth(_ x: Int, _ y: Int) -> SIMD4<Float> {
    let colors: [SIMD4<Float>] = [
      SIMD4(96, 72, 130, 0), SIMD4(30, 104, 124, 0), SIMD4(190, 150, 50, 0), SIMD4(106, 116, 122, 0),
      SIMD4(96, 70, 58, 0),
    ]
    let (column, row) = (x / 20, y / 16)
    let (u, v) = (Float(x % 20) / 20, Float(y % 16) / 16)
    let isPrinted = abs(2 * u - 1) < 1 - v
    return (isPrinted ? colors[(column + 2 * row) % 5] : SIMD4(226, 220, 214, 0)) * (1 - 0.0005 * Float(x))
  }

  private static func scene(
    width: Int, height: Int, hole: Region, count: Int = 3, residue: Int = 0, noise: Float = 2,
    _ picture: (Int, Int) -> SIMD4<Float>
  ) -> FillScene {
    var random = SplitMix64(seed: 5)
    let truth = (0..<count).map { _ in
      RGBImage(
        width: width, height: height,
        pixels: (0..<width * height).map { pixel in
          let grain = (Float(random.next() % 4096) / 2048 - 1) * noise
          return RGBImage.fixed(picture(pixel % width, pixel / width) + SIMD4(grain, grain, grain, 0))
        })
    }
    let dirty = hole.grown(by: residue)
    let images = truth.map { image in
      var image = image
      for y in dirty.y..<dirty.maxY {
        for x in dirty.x..<dirty.maxX { image[x, y] = RGBImage.fixed(SIMD4(250, 250, 250, 0)) }
      }
      return image
    }
    let holes = truth.map { _ in FillScene.hole(hole, width, height) }
    return FillScene(truth: truth, images: residue > 0 ? images : nil, holes: holes)
  }

  private static func luma(_ image: RGBImage, _ x: Int, _ y: Int) -> Float { image.level(x, y).y }

  /// The share of a hole's pixels that are as far from white as the print is.
  private static func printed(_ image: RGBImage, in hole: Region) -> Float {
    let count = image.cropped(to: hole).pixels.count { Float($0.y) / 256 < 170 }
    return Float(count) / Float(hole.area)
  }

  @Test func goesOnWithAPattern() throws {
    let hole = Region(x: 60, y: 44, width: 84, height: 70)
    let scene = Self.scene(width: 220, height: 160, hole: hole, Self.cloth)
    let output = try scene.fill()
    let truth = Self.printed(scene.truth[1], in: hole)
    let share = Self.printed(output[1].image, in: hole)
    #expect(share > 0.75 * truth && share < 1.25 * truth, "\(share) of it is printed, \(truth) of the pattern")
    let error = scene.error(output)
    let smooth = scene.error(try scene.fill(.membrane))
    #expect(error * 20 < smooth, "squared error \(error), a smooth fill's \(smooth)")
  }

  /// A thing that stands near a hole, and is unlike all that the hole touches, does not come again inside it.
  @Test func repeatsNothingThatTheHoleDoesNotTouch() throws {
    let hole = Region(x: 50, y: 30, width: 50, height: 70)
    let scene = Self.scene(width: 200, height: 130, hole: hole) { x, y in
      if x > 116 && x < 136 && y > 20 && y < 110 { return SIMD4(210, 100, 110, 0) }
      return SIMD4<Float>(FillScene.texture(x, y)) * (1 / 1024) + SIMD4(60, 60, 55, 0)
    }
    for frame in try scene.fill() {
      let red = frame.image.cropped(to: hole).pixels.count { Int($0.x) > Int($0.y) + 60 * 256 }
      #expect(red < 5, "\(red) pixels of it")
    }
  }

  /// A subtitle's strip over a road: as grainy as the road, and nothing else to be seen.
  @Test func keepsTheGrainUnderASubtitle() throws {
    let hole = Region(x: 40, y: 50, width: 160, height: 20)
    let scene = Self.scene(width: 240, height: 110, hole: hole, noise: 5) { x, y in
      let level: Float = 150 + 0.3 * Float(y) + 0.05 * Float(x)
      return SIMD4(level, level, level + 4, 0)
    }
    let output = try scene.fill()
    func grain(_ image: RGBImage, _ region: Region) -> Float {
      var sum = Float(0)
      for y in region.y..<region.maxY - 1 {
        for x in region.x..<region.maxX - 1 {
          let d = 2 * Self.luma(image, x, y) - Self.luma(image, x + 1, y) - Self.luma(image, x, y + 1)
          sum += d * d
        }
      }
      return (sum / Float(region.area)).squareRoot()
    }
    for (index, frame) in output.enumerated() {
      let ratio = grain(frame.image, hole) / grain(scene.truth[index], hole)
      #expect(ratio > 0.8 && ratio < 1.2, "grain of \(ratio) times the road's")
      let smooth = frame.image.blurred(sigma: 4)
      var worst: Float = 0
      for y in hole.y..<hole.maxY {
        for x in hole.x..<hole.maxX {
          let road: Float = 150 + 0.3 * Float(y) + 0.05 * Float(x)
          worst = max(worst, abs(Self.luma(smooth, x, y) - road))
        }
      }
      #expect(worst < 4, "a scrap \(worst) levels off")
    }
  }

  /// What a mark's edge has left of itself around the hole is not copied into it.
  @Test func copiesNothingFromTheHolesOwnEdge() throws {
    let hole = Region(x: 60, y: 44, width: 60, height: 50)
    let scene = Self.scene(width: 200, height: 150, hole: hole, residue: 1) { x, y in
      SIMD4<Float>(FillScene.texture(x, y)) * (1 / 512)
    }
    let inner = Region(x: hole.x + 6, y: hole.y + 6, width: hole.width - 12, height: hole.height - 12)
    for frame in try scene.fill() {
      let bright = frame.image.cropped(to: inner).pixels.count { Float($0.y) / 256 > 160 }
      #expect(bright == 0, "\(bright) pixels of the mark's edge")
    }
  }
}
