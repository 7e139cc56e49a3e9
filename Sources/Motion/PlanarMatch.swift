import Imaging

/// Where a planar target lies in a frame.
public struct PlanarMatch: Sendable {
  /// From the first frame's pixels to this frame's; the last one found where the target is lost.
  public let homography: Homography
  /// Correlation with the first frame, -1…1, over the parts of the target that are in sight.
  public let ncc: Float
  /// Share of the target, 0…1, that is in sight: the rest is covered by something or outside the frame.
  public let visibleShare: Float
  /// Where the corners of the mask's bounding box went: top left, top right, bottom right, bottom left.
  public let corners: [SIMD2<Float>]
  /// The mask carried here, of the frame's size: 0…255 by the share of the pixel that it takes; without the parts of the
  /// target that something covers. Empty where lost.
  public let mask: Plane<UInt8>
  public let isLost: Bool
}

/// A mask to be carried to other frames, and where its outline runs.
struct CarriedMask: Sendable {
  let mask: Plane<UInt8>
  /// The smallest region that holds it.
  let box: Region
  /// Not 0 within two pixels of the outline.
  private let outline: Plane<UInt8>

  /// - Parameter mask: 0 or 255.
  init(_ mask: Plane<UInt8>, box: Region) {
    self.mask = mask
    self.box = box
    var outline = Plane<UInt8>(width: mask.width, height: mask.height, repeating: 0)
    let near = box.grown(by: 2).intersection(mask.bounds)
    for y in near.y..<near.maxY {
      for x in near.x..<near.maxX {
        let around = Region(x: x - 2, y: y - 2, width: 5, height: 5).intersection(mask.bounds)
        let isEven = (around.y..<around.maxY).allSatisfy { ay in
          (around.x..<around.maxX).allSatisfy { ax in mask[ax, ay] == mask[x, y] }
        }
        outline[x, y] = isEven ? 0 : 1
      }
    }
    self.outline = outline
  }

  /// The mask in a frame of the given size: by 4x4 samples a pixel, so that the outline is placed to a fraction of one.
  func carried(by map: Homography, width: Int, height: Int) -> Plane<UInt8> {
    var out = Plane<UInt8>(width: width, height: height, repeating: 0)
    guard let back = map.inverse, let target = map.bounds(of: box, width: width, height: height) else { return out }
    // Where a pixel of the frame reaches over more than two of the mask, each is sampled in full.
    let isShrunk = abs(back.m[0] * back.m[4] - back.m[1] * back.m[3]) > 4
    for y in target.y..<target.maxY {
      for x in target.x..<target.maxX {
        let center = SIMD2(Double(x), Double(y))
        if !isShrunk, let at = index(back.apply(center)), outline.samples[at] == 0 {
          out[x, y] = mask.samples[at]
          continue
        }
        var count = 0
        for sample in 0..<16 {
          let offset = SIMD2((Double(sample % 4) - 1.5) / 4, (Double(sample / 4) - 1.5) / 4)
          if let at = index(back.apply(center + offset)), mask.samples[at] != 0 { count += 1 }
        }
        out[x, y] = UInt8((count * 255 + 8) / 16)
      }
    }
    return out
  }

  private func index(_ place: SIMD2<Double>) -> Int? {
    guard place.x >= -0.5, place.y >= -0.5, place.x < Double(mask.width) - 0.5, place.y < Double(mask.height) - 0.5
    else { return nil }
    return Int(place.y + 0.5) * mask.width + Int(place.x + 0.5)
  }
}

extension Homography {
  /// The pixels that a box may cover once carried, or nil where none are in the frame.
  func bounds(of box: Region, width: Int, height: Int) -> Region? {
    let places = corners(of: box)
    guard places.allSatisfy({ abs($0.x) < 1e6 && abs($0.y) < 1e6 }) else { return nil }
    let left = Int(places.map(\.x).min()!.rounded(.down)) - 1
    let right = Int(places.map(\.x).max()!.rounded(.up)) + 2
    let top = Int(places.map(\.y).min()!.rounded(.down)) - 1
    let bottom = Int(places.map(\.y).max()!.rounded(.up)) + 2
    let region = Region(x: left, y: top, width: right - left, height: bottom - top)
      .intersection(Region(x: 0, y: 0, width: width, height: height))
    return region.isEmpty ? nil : region
  }

  /// Where the outer corners of a box of pixels go.
  func corners(of box: Region) -> [SIMD2<Double>] {
    let (left, top) = (Double(box.x) - 0.5, Double(box.y) - 0.5)
    let (right, bottom) = (Double(box.maxX) - 0.5, Double(box.maxY) - 0.5)
    return [SIMD2(left, top), SIMD2(right, top), SIMD2(right, bottom), SIMD2(left, bottom)].map(apply)
  }
}
