import CPixelKernels

/// Morphology of binary planes: 0 is background, anything else foreground; results hold 0 and 255. The structuring
/// element is the disc of all pixels whose centres lie within `radius`, so radius 1 is a cross of five; radius 0 or less
/// changes nothing but the value 255. The world outside the plane neither grows into it nor eats from it. The time does
/// not grow with the radius.
extension Plane where Sample == UInt8 {
  /// Every sample within `radius` of the foreground.
  public func dilated(radius: Int) -> Plane<UInt8> {
    guard let box = boundingBox else { return Plane(width: width, height: height, repeating: 0) }
    let reach = max(0, min(radius, width + height))
    guard reach > 0 else { return binary }
    let area = box.grown(by: reach).intersection(bounds)
    let grown = cropped(to: area).coverage(of: DiscSpans(radius: reach))
    return Plane(width: width, height: height, repeating: 0).replacing(area, with: grown)
  }

  /// Every foreground sample farther than `radius` from the background.
  public func eroded(radius: Int) -> Plane<UInt8> {
    guard let box = boundingBox else { return Plane(width: width, height: height, repeating: 0) }
    // With the ring of background around it the foreground meets the nearest background that there is.
    let area = box.grown(by: 1).intersection(bounds)
    let shrunk = cropped(to: area).inverted.dilated(radius: radius).inverted
    return Plane(width: width, height: height, repeating: 0).replacing(area, with: shrunk)
  }

  /// Erosion, then dilation: removes what the disc does not fit into.
  public func opened(radius: Int) -> Plane<UInt8> { eroded(radius: radius).dilated(radius: radius) }

  /// Dilation, then erosion: closes gaps that the disc does not fit into.
  public func closed(radius: Int) -> Plane<UInt8> { dilated(radius: radius).eroded(radius: radius) }

  /// The foreground and all background that it encloses: what no path of 4-neighbours joins to the plane's border.
  public func holesFilled() -> Plane<UInt8> {
    guard let box = boundingBox else { return self }
    let outside = cropped(to: box).inverted.components(connectivity: .four)
    let open = outside.regions.map { $0.x == 0 || $0.y == 0 || $0.maxX == box.width || $0.maxY == box.height }
    let filled = outside.labels.map { $0 > 0 && open[Int($0) - 1] ? UInt8(0) : 255 }
    return Plane(width: width, height: height, repeating: 0).replacing(box, with: filled)
  }

  /// An alpha that is 255 on the foreground and falls evenly to 0 over `radius` pixels outside: at distance d it is
  /// `255 (1 - d / (radius + 1))`.
  public func feathered(radius: Int) -> Plane<UInt8> {
    guard let box = boundingBox else { return Plane(width: width, height: height, repeating: 0) }
    let reach = max(0, min(radius, width + height))
    guard reach > 0 else { return binary }
    let area = box.grown(by: reach).intersection(bounds)
    let slope = 255 / Float(reach + 1)
    let ramp = cropped(to: area).squaredDistances().map { squared -> UInt8 in
      UInt8(max(0, 255 - Float(squared).squareRoot() * slope) + 0.5)
    }
    return Plane(width: width, height: height, repeating: 0).replacing(area, with: ramp)
  }

  /// 255 where this plane is above 0.
  var binary: Plane<UInt8> { map { $0 == 0 ? 0 : 255 } }

  /// 255 where this plane is 0.
  var inverted: Plane<UInt8> { map { $0 == 0 ? 255 : 0 } }

  /// The union of discs around the foreground: each sample's column distance to the foreground says how far along its row
  /// the disc reaches.
  private func coverage(of disc: DiscSpans) -> Plane<UInt8> {
    let steps = columnSteps(to: .foreground)
    return Plane(width: width, height: height, repeating: 0, threads: 1) { y, row in
      let starts = Scratch<Int32>(count: width + 1, repeating: 0)
      for x in 0..<width {
        let step = Int(steps.samples[y &* width &+ x])
        guard step <= disc.radius else { continue }
        let half = disc.halfWidths[step]
        starts.base[max(0, x &- half)] &+= 1
        starts.base[min(width, x &+ half &+ 1)] &-= 1
      }
      var open: Int32 = 0
      for x in 0..<width {
        open &+= starts.base[x]
        row[x] = open > 0 ? 255 : 0
      }
    }
  }
}

/// How far a disc reaches left and right in each row from its middle.
struct DiscSpans: Sendable {
  let radius: Int
  /// `radius + 1` entries.
  let halfWidths: [Int]

  init(radius: Int) {
    self.radius = radius
    var half = radius
    halfWidths = (0...radius).map { row in
      while half * half + row * row > radius * radius { half -= 1 }
      return half
    }
  }
}

extension Plane {
  /// This plane with the samples of `region`, which must lie within it, taken from `other`.
  @inlinable
  public func replacing(_ region: Region, with other: Plane) -> Plane {
    precondition(bounds.contains(region), "region outside the plane")
    precondition(other.width == region.width && other.height == region.height, "plane of another size than its region")
    var out = self
    for y in 0..<region.height {
      let start = (region.y + y) * width + region.x
      out.samples.replaceSubrange(
        start..<start + region.width, with: other.samples[y * region.width..<(y + 1) * region.width])
    }
    return out
  }
}
