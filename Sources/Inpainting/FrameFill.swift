import Imaging

/// One frame with what was borrowed for it.
struct BorrowedFrame: Sendable {
  /// The frame with the borrowed pixels in place.
  var image: RGBImage
  /// Not 0 at pixels of the hole for which nothing was found.
  var unseen: Plane<UInt8>
}

/// Borrows the hole of one frame from its candidates: choice, averaging of what agrees, gradient-domain blending.
struct FrameFill {
  let hole: Plane<UInt8>
  /// Its pixels in the hole are not read.
  let image: RGBImage
  let candidates: Candidates
  /// The slot chosen for each site, -1 where there is no candidate.
  let labels: [Int32]
  let options: InpaintingOptions
  let threads: Int
  /// What the candidates show is made up, and yields to the surroundings.
  var isMadeUp = false

  private var sites: HoleSites { candidates.sites }

  func run() -> BorrowedFrame {
    let sites = sites
    let isHole = sites.pixels.map { hole.samples[Int($0)] != 0 }
    var colors = fused(labels, isHole)
    if options.blendsGradients { blend(&colors, labels, isHole) }
    var out = image
    var unseen = Plane<UInt8>(width: hole.width, height: hole.height, repeating: 0)
    for site in 0..<sites.count where isHole[site] {
      let pixel = Int(sites.pixels[site])
      if labels[site] >= 0 { out.pixels[pixel] = RGBImage.fixed(colors[site]) } else { unseen.samples[pixel] = 255 }
    }
    return BorrowedFrame(image: out, unseen: unseen)
  }

  /// The chosen colour averaged with the candidates that agree with it: less noise, and no blur, since what is out of
  /// line does not agree.
  private func fused(_ labels: [Int32], _ isHole: [Bool]) -> [SIMD4<Float>] {
    var colors = [SIMD4<Float>](repeating: .zero, count: sites.count)
    colors.withUnsafeMutableBufferPointer { colors in
      nonisolated(unsafe) let colors = colors
      Rows.concurrently(sites.count, threads: threads, minimumBand: 1024) { band in
        for site in band {
          if !isHole[site] {
            colors[site] = image.level(pixel: Int(sites.pixels[site]))
          } else if labels[site] >= 0 {
            colors[site] = fused(site, Int(labels[site]))
          }
        }
      }
    }
    return colors
  }

  private func fused(_ site: Int, _ label: Int) -> SIMD4<Float> {
    let count = sites.count
    let chosen = candidates.color[label * count + site]
    var sum = chosen
    var weights: Float = 1
    for slot in 0..<candidates.slots where candidates.frame[slot * count + site] >= 0 && slot != label {
      let color = candidates.color[slot * count + site]
      let d = color - chosen
      let distance = (d * d).sum()
      let weight = max(0, 1 - distance / FrameFill.agreement) / (1 + candidates.doubt[slot * count + site])
      sum += color * weight
      weights += weight
    }
    return sum / weights
  }

  /// Squared colour distance at which candidates no longer agree.
  static let agreement: Float = 300

  private func blend(_ colors: inout [SIMD4<Float>], _ labels: [Int32], _ isHole: [Bool]) {
    let system = SeamSystem(
      candidates: candidates, labels: labels, isHole: isHole, colors: colors, image: image, hole: hole,
      yields: isMadeUp)
    guard let unknown = system.solvable else { return }
    let inner = HoleSites(unknown)
    var correction = [SIMD4<Float>](repeating: .zero, count: hole.samples.count)
    system.setBoundary(&correction)
    Membrane.fill(&correction, mask: unknown)
    GradientBlend.solve(
      system.equations(inner, threads: threads), inner, start: &correction, threads: threads)
    for site in 0..<sites.count where isHole[site] && labels[site] >= 0 {
      colors[site] += correction[Int(sites.pixels[site])]
    }
  }
}
