import Imaging
import Motion
import TestSupport
import Testing

struct SyntheticSceneTests {
  private let scene = SyntheticScene(width: 160, height: 96, frameCount: 40, seed: 3)

  @Test func aFrameDependsOnItsNumberAlone() {
    let again = SyntheticScene(width: 160, height: 96, frameCount: 40, seed: 3)
    _ = again.frame(30)
    let one = scene.frame(7)
    let other = again.frame(7)
    #expect(one.image == other.image)
    #expect(one.cleanPlate == other.cleanPlate)
    #expect(one.objects == other.objects)
    #expect(one.backgroundFlow == other.backgroundFlow)
  }

  @Test func anotherSeedIsAnotherStreet() {
    let other = SyntheticScene(width: 160, height: 96, frameCount: 40, seed: 4)
    #expect(scene.frame(0).cleanPlate != other.frame(0).cleanPlate)
  }

  @Test func objectsAndShadowsLieWhereThePictureDiffersFromThePlate() {
    let frame = scene.frame(3)
    let changed = frame.changed
    #expect(frame.objects.area > 200)
    #expect(frame.shadow.samples.contains(255))
    for i in changed.samples.indices where frame.objects.labels.samples[i] != 0 || frame.shadow.samples[i] != 0 {
      #expect(changed.samples[i] == 255)
    }
    let share = Double(changed.samples.filter { $0 != 0 }.count) / Double(changed.samples.count)
    #expect(share < 0.2)
  }

  @Test func theWalkerIsHiddenByTheTreeOnHisWay() {
    let open = SyntheticScene(width: 160, height: 96, frameCount: 40, seed: 3, options: .with { $0.hasTree = false })
    let seen = (0..<40).map { Double(scene.frame($0).objects.area) / Double(open.frame($0).objects.area) }
    #expect(seen.min()! < 0.65)
    #expect(seen[0] == 1 && seen[39] == 1)
  }

  @Test func theFlowCarriesThePlateToTheNextFrame() {
    let now = scene.frame(10)
    let next = scene.frame(11).cleanPlate
    var error = 0.0
    var still = 0.0
    var count = 0.0
    for y in 8..<88 {
      for x in 8..<152 {
        let target = SIMD2<Float>(Float(x), Float(y)) + now.backgroundFlow[x, y]
        let moved = bilinear(next, target) - now.cleanPlate.level(x, y)
        let unmoved = next.level(x, y) - now.cleanPlate.level(x, y)
        error += Double((moved * moved).sum())
        still += Double((unmoved * unmoved).sum())
        count += 3
      }
    }
    #expect(error / count < 60)
    #expect(error < 0.1 * still)
  }

  @Test func aStaticCameraSeesTheSamePlate() {
    let options = SyntheticScene.Options.with { $0.hasStaticCamera = true }
    let still = SyntheticScene(width: 96, height: 64, frameCount: 20, seed: 1, options: options)
    #expect(still.frame(0).cleanPlate == still.frame(19).cleanPlate)
    #expect(still.frame(0).image != still.frame(19).image)
    #expect(still.frame(4).backgroundFlow.vectors.allSatisfy { abs($0.x) < 1e-4 && abs($0.y) < 1e-4 })
  }

  @Test func aStaticObjectBeforeAStaticCameraNeverMoves() {
    let options = SyntheticScene.Options.with {
      $0.hasStaticCamera = true
      $0.hasStaticObject = true
    }
    let still = SyntheticScene(width: 96, height: 64, frameCount: 20, seed: 1, options: options)
    #expect(still.frame(2).image == still.frame(15).image)
  }

  @Test func twoObjectsHaveTwoLabels() {
    let two = SyntheticScene(width: 160, height: 96, frameCount: 20, options: .with { $0.hasTwoObjects = true })
    #expect(two.frame(0).objects.objects == [1, 2])
  }

  @Test func shotsAreStreetsOfTheirOwn() {
    let options = SyntheticScene.Options.with {
      $0.shots = 2
      $0.hasStaticCamera = true
    }
    let two = SyntheticScene(width: 96, height: 64, frameCount: 21, options: options)
    #expect(two.shotStarts == [0, 11])
    #expect(difference(two.frame(9).cleanPlate, two.frame(10).cleanPlate) == 0)
    #expect(difference(two.frame(10).cleanPlate, two.frame(11).cleanPlate) > 20)
  }

  @Test func exposureAndNoiseAreTheSameInPictureAndPlate() {
    let options = SyntheticScene.Options.with {
      $0.exposureDrift = 0.2
      $0.noise = 3
    }
    let frame = SyntheticScene(width: 96, height: 64, frameCount: 20, options: options).frame(14)
    #expect(frame.image[2, 2] == frame.cleanPlate[2, 2])
    #expect(frame.cleanPlate != SyntheticScene(width: 96, height: 64, frameCount: 20).frame(14).cleanPlate)
  }

  @Test(arguments: [(1, 1), (7, 3), (33, 17)])
  func anySizeRenders(_ size: (Int, Int)) {
    let frame = SyntheticScene(width: size.0, height: size.1, frameCount: 1).frame(0)
    #expect(frame.image.width == size.0 && frame.image.height == size.1)
  }

  private func bilinear(_ image: RGBImage, _ at: SIMD2<Float>) -> SIMD4<Float> {
    let x = min(max(Int(at.x), 0), image.width - 2)
    let y = min(max(Int(at.y), 0), image.height - 2)
    let fx = at.x - Float(x)
    let fy = at.y - Float(y)
    let top = image.level(x, y) * (1 - fx) + image.level(x + 1, y) * fx
    let bottom = image.level(x, y + 1) * (1 - fx) + image.level(x + 1, y + 1) * fx
    return top * (1 - fy) + bottom * fy
  }

  private func difference(_ a: RGBImage, _ b: RGBImage) -> Double {
    zip(a.rgbBytes, b.rgbBytes).reduce(0.0) { $0 + abs(Double($1.0) - Double($1.1)) } / Double(a.pixels.count)
  }
}
