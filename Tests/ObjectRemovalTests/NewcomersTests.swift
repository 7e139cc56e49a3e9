import Imaging
import TestSupport
import Testing

@testable import ObjectRemoval

@Suite struct NewcomersTests {
  private let width = 200
  private let height = 120
  private let first = Region(x: 20, y: 30, width: 50, height: 50)
  private let second = Region(x: 120, y: 40, width: 50, height: 50)

  /// Two squares on a plain wall.
  private var picture: RGBImage {
    var random = SplitMix64(seed: 1)
    var image = RGBImage(width: width, height: height)
    for y in 0..<height {
      for x in 0..<width {
        let noise = Float(random.next() % 5)
        let level: SIMD4<Float> =
          first.contains(x: x, y: y)
          ? SIMD4(200, 60, 50, 0) : second.contains(x: x, y: y) ? SIMD4(60, 170, 80, 0) : SIMD4(70, 80, 150, 0)
        image[x, y] = RGBImage.fixed(level + noise)
      }
    }
    return image
  }

  private var known: Mask {
    var mask = Mask(width: width, height: height)
    for y in first.y..<first.maxY { for x in first.x..<first.maxX { mask.labels[x, y] = 1 } }
    return mask
  }

  private func newcomers(atMost count: Int) -> Newcomers {
    var settings = RemovalSettings(threads: 1)
    settings.maximumObjects = count
    return Newcomers(gap: 5, marked: [1], settings: settings)
  }

  @Test func whatNothingCoversGetsALabelOfItsOwn() throws {
    let found = try #require(try newcomers(atMost: 255).found(on: picture, beside: known, followed: [1, 2]))
    var covered = 0
    for y in 0..<height {
      for x in 0..<width {
        let label = found.labels[x, y]
        if first.contains(x: x, y: y) { #expect(label == 1) } else { #expect(label != 1 && label != 2) }
        if second.contains(x: x, y: y), label != 0 { covered += 1 }
      }
    }
    #expect(covered > second.area / 2)
  }

  @Test func thereIsNoRoomBeyondTheMost() throws {
    #expect(try newcomers(atMost: 2).found(on: picture, beside: known, followed: [1, 2]) == nil)
    let one = try newcomers(atMost: 2).found(on: picture, beside: known, followed: [1])
    #expect(one.map { $0.objects.count } == 2)
  }
}
