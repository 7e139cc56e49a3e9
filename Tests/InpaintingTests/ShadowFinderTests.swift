import Imaging
import TestSupport
import Testing

@testable import Inpainting

@Suite struct ShadowFinderTests {
  /// Each frame's shadow as found, beside the truth.
  func search(_ scene: SyntheticScene, threads: Int = 1) -> [(found: Mask, truth: SceneFrame)] {
    var finder = ShadowFinder(width: scene.width, height: scene.height, threads: threads)
    var found: [Mask] = []
    let frames = (0..<scene.frameCount).map { scene.frame($0) }
    for frame in frames { found += finder.add(frame.image, mask: frame.objects) }
    found += finder.finish()
    return Array(zip(found, frames))
  }

  func scene(_ change: (inout SyntheticScene.Options) -> Void = { _ in }) -> SyntheticScene {
    SyntheticScene(width: 240, height: 136, frameCount: 40, seed: 5, options: .with(change))
  }

  @Test func findsTheWalkersShadow() {
    var (hit, missed, wrong) = (0, 0, 0)
    for (found, truth) in search(scene { $0.hasTree = false }) {
      for pixel in found.labels.samples.indices where truth.objects.labels.samples[pixel] == 0 {
        switch (found.labels.samples[pixel] != 0, truth.shadow.samples[pixel] != 0) {
        case (true, true): hit += 1
        case (false, true): missed += 1
        case (true, false): wrong += 1
        default: break
        }
      }
    }
    #expect(hit > 10 * missed, "\(hit) pixels of shadow found, \(missed) missed")
    #expect(hit > wrong, "\(wrong) pixels lie in the light")
  }

  @Test func aTreeIsNobodysShadow() {
    var (tree, shadow) = (0, 0)
    for (found, truth) in search(scene { $0.hasShadow = false }) {
      tree += found.area
      shadow += truth.objects.area
    }
    #expect(tree * 8 < shadow, "\(tree) pixels taken for shadow beside \(shadow) of the walker")
  }

  @Test func whatStandsStillCastsNone() {
    for (found, _) in search(scene { ($0.hasStaticObject, $0.hasStaticCamera) = (true, true) }) {
      #expect(found.isEmpty)
    }
  }

  @Test func shadowsBelongToTheirObjects() {
    let found = search(scene { $0.hasTwoObjects = true })[6]
    for label in found.truth.objects.objects {
      let box = found.truth.objects.coverage(of: label).boundingBox!.grown(by: 40)
      let own = Mask(labels: found.found.coverage(of: label)).boundingBox
      #expect(own.map { box.contains($0) } ?? false, "the shadow of \(label) lies at \(String(describing: own))")
    }
  }

  @Test func dependsOnNoThreads() {
    let short = SyntheticScene(width: 160, height: 96, frameCount: 16, seed: 5)
    #expect(search(short).map(\.found) == search(short, threads: 3).map(\.found))
  }

  @Test(arguments: [(1, 1), (1, 9), (7, 3)]) func survivesTinyFrames(size: (Int, Int)) {
    var finder = ShadowFinder(width: size.0, height: size.1)
    var count = 0
    for index in 0..<8 {
      var mask = Mask(width: size.0, height: size.1)
      if index % 3 != 0 { mask.labels[0, 0] = 1 }
      count += finder.add(RGBImage(width: size.0, height: size.1), mask: mask).count
    }
    count += finder.finish().count
    #expect(count == 8)
  }
}
