import Imaging

/// Luma of a region of a picture, and its halves: sample (x, y) of level l lies at ((x + 0.5) 2^l - 0.5 + region.x, …).
struct LumaPyramid: Sendable {
  let region: Region
  /// Finest first.
  private(set) var levels: [Plane<Float>]

  /// - Precondition: `region` lies within the image and is not empty.
  init(_ image: RGBImage, region: Region, levels count: Int) {
    self.region = region
    var samples: [Float] = []
    samples.reserveCapacity(region.area)
    for y in region.y..<region.maxY {
      let row = y * image.width
      for x in region.x..<region.maxX {
        let p = SIMD4<Float>(image.pixels[row &+ x])
        samples.append((p.x * 0.299 + p.y * 0.587 + p.z * 0.114) * (1 / 256))
      }
    }
    levels = [Plane(width: region.width, height: region.height, samples: samples)]
    while levels.count < count, levels.last!.width > 3, levels.last!.height > 3 { levels.append(levels.last!.halved) }
  }

  /// From pixels of the picture to samples of a level.
  func placement(level: Int) -> Homography {
    let scale = 1 / Double(1 << level)
    return Homography([
      scale, 0, (0.5 - Double(region.x)) * scale - 0.5, 0, scale, (0.5 - Double(region.y)) * scale - 0.5, 0, 0, 1,
    ])
  }
}

extension Plane where Sample == Float {
  /// Means of 2x2 samples; an odd column or row is left out.
  fileprivate var halved: Plane {
    var out: [Float] = []
    let (w, h) = (width / 2, height / 2)
    out.reserveCapacity(w * h)
    for y in 0..<h {
      let row = 2 * y * width
      for x in 0..<w {
        let at = row &+ 2 &* x
        out.append(((samples[at] + samples[at &+ 1]) + (samples[at &+ width] + samples[at &+ width &+ 1])) * 0.25)
      }
    }
    return Plane(width: w, height: h, samples: out)
  }
}
