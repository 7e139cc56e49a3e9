import Imaging
import Testing

@testable import Inpainting

@Suite("Choosing sources")
struct SourceChoiceTests {
  private static let side = 40
  private let hole = mask(Region(x: 10, y: 10, width: 20, height: 20))

  private static func mask(_ regions: Region...) -> Plane<UInt8> {
    regions.reduce(Plane(width: side, height: side, repeating: 0)) { $0.united(with: FillScene.hole($1, side, side)) }
  }

  /// A grey picture; the first way finds what the ring shows, the second another grey with less doubt.
  private func choose(asksRing: Bool) -> [Int32] {
    let sites = HoleSites(hole.spread(by: 3))
    var candidates = Candidates(sites: sites, slots: 4)
    for site in 0..<sites.count {
      for (slot, level, doubt) in [(0, Float(100), Float(3)), (2, 130, 0)] {
        let at = slot * sites.count + site
        candidates.frame[at] = 1
        (candidates.x[at], candidates.y[at]) = (sites.place(site).x, sites.place(site).y)
        candidates.color[at] = SIMD4(level, level, level, 0)
        candidates.doubt[at] = doubt
      }
    }
    let grey = RGBImage.fixed(SIMD4(100, 100, 100, 0))
    let image = RGBImage(width: Self.side, height: Self.side, repeating: grey)
    var options = InpaintingOptions()
    options.choosesCoherently = false
    options.asksRing = asksRing
    let labels = SourceChoice(
      candidates: candidates, hole: hole, image: image, previous: Array(repeating: nil, count: sites.count),
      options: options, threads: 1
    ).solve()
    return (0..<sites.count).filter { hole.samples[Int(sites.pixels[$0])] != 0 }.map { labels[$0] }
  }

  @Test("the ring tells which way of finding sources is right, deep in the hole too")
  func ring() {
    #expect(choose(asksRing: true).allSatisfy { $0 == 0 })
    #expect(choose(asksRing: false).contains(2))
  }

  @Test("each site knows the ring's site nearest to it, around corners and in squares")
  func nearest() {
    let sites = HoleSites(squaresOf: hole.spread(by: 4), step: 2)
    let squares = hole.squares(of: 2)
    let nearest = NearestRing(sites, isHole: sites.pixels.map { squares.samples[Int($0)] != 0 })
    let middle = sites.site(holding: 20, 12)
    #expect(nearest.distance[middle] == 4)
    #expect(sites.place(nearest.ring[middle]).y < 10)
    #expect(nearest.distance[sites.site(holding: 8, 20)] == 0)
    #expect(nearest.ring.allSatisfy { $0 >= 0 })
  }

  @Test("a hole without a ring has none near")
  func ringless() {
    let sites = HoleSites(hole)
    let nearest = NearestRing(sites, isHole: Array(repeating: true, count: sites.count))
    #expect(nearest.ring.allSatisfy { $0 == -1 })
  }

  @Test("scraps amid what was never seen go, what hangs together with the surroundings stays")
  func scraps() {
    let sites = HoleSites(hole.spread(by: 3))
    let border = Region(x: 10, y: 10, width: 20, height: 3)
    let piece = Region(x: 10, y: 19, width: 10, height: 11)
    let scrap = Region(x: 24, y: 17, width: 4, height: 4)
    let seen = Self.mask(border, piece, scrap)
    var labels = sites.pixels.map { hole.samples[Int($0)] == 0 || seen.samples[Int($0)] != 0 ? Int32(1) : -1 }
    Scraps.drop(from: &labels, sites, hole: hole)
    func label(_ x: Int, _ y: Int) -> Int32 { labels[sites.site(holding: x, y)] }
    #expect(label(20, 11) == 1 && label(14, 24) == 1)
    #expect(label(25, 18) == -1 && label(20, 16) == -1)
    #expect(label(8, 8) == 1)
  }

  @Test("where all is seen nothing is a scrap")
  func whole() {
    let sites = HoleSites(hole.spread(by: 3))
    var labels = [Int32](repeating: 2, count: sites.count)
    Scraps.drop(from: &labels, sites, hole: hole)
    #expect(labels.allSatisfy { $0 == 2 })
  }
}
