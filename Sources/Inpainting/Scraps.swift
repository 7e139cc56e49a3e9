import Imaging

/// Scraps of what was borrowed amid what no frame shows. Chains come out there by chance, at the rim of something that
/// passes, and what they bring is a spot in the area that is made up around it.
enum Scraps {
  /// What was borrowed stays where it lies, with what is seen around the hole, in a square of this many pixels each way
  /// from its middle: a morphological opening.
  private static let radius = 4

  /// Sets the labels of scraps in `hole` to -1.
  static func drop(from labels: inout [Int32], _ sites: HoleSites, hole: Plane<UInt8>) {
    var unseen = Plane<UInt8>(width: hole.width, height: hole.height, repeating: 0)
    for site in 0..<sites.count where labels[site] < 0 {
      let pixel = Int(sites.pixels[site])
      unseen.samples[pixel] = hole.samples[pixel]
    }
    guard let box = unseen.boundingBox?.grown(by: 2 * radius + 1).intersection(unseen.bounds) else { return }
    let middles = unseen.cropped(to: box).spread(by: radius).map { UInt8($0 == 0 ? 255 : 0) }
    let stays = middles.spread(by: radius)
    for site in 0..<sites.count where box.contains(x: sites.x(site), y: sites.y(site)) {
      let (x, y) = (sites.x(site), sites.y(site))
      if hole[x, y] != 0, stays[x - box.x, y - box.y] == 0 { labels[site] = -1 }
    }
  }
}
