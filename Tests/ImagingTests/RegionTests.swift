import Testing

@testable import Imaging

@Suite struct RegionTests {
  @Test func overlapsAndHulls() {
    let a = Region(x: 0, y: 0, width: 10, height: 8)
    let b = Region(x: 6, y: -3, width: 10, height: 6)
    #expect(a.intersection(b) == Region(x: 6, y: 0, width: 4, height: 3))
    #expect(a.union(b) == Region(x: 0, y: -3, width: 16, height: 11))
    #expect(a.intersection(Region(x: 20, y: 0, width: 3, height: 3)).isEmpty)
    #expect(a.union(Region(x: 90, y: 90, width: 0, height: 4)) == a)
    #expect(a.grown(by: 2) == Region(x: -2, y: -2, width: 14, height: 12))
    #expect(a.grown(by: -4).isEmpty)
    #expect(a.contains(Region(x: 9, y: 7, width: 1, height: 1)) && !a.contains(b))
    #expect(a.contains(x: 9, y: 0) && !a.contains(x: 10, y: 0))
  }

  @Test func extremesNeverTrap() {
    let extremes = [Int.min, Int.min + 1, -1, 0, 1, Int.max - 1, Int.max]
    let frame = Region(x: 0, y: 0, width: 1920, height: 1080)
    for x in extremes {
      for width in extremes {
        let region = Region(x: x, y: width, width: width, height: x)
        _ = (region.maxX, region.maxY, region.area, region.isEmpty)
        for other in [frame, region, Region(x: .min, y: .min, width: .max, height: .max)] {
          _ = (region.union(other), region.contains(other), region.intersection(other))
          #expect(frame.intersection(region).area <= frame.area)
        }
        for margin in extremes { _ = region.grown(by: margin) }
      }
    }
    #expect(Region(x: .max, y: 0, width: 5, height: 5).maxX == .max)
    #expect(frame.intersection(Region(x: -5, y: -5, width: .max, height: .max)) == frame)
  }
}
