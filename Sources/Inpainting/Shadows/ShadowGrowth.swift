import Imaging

/// Which of the dark areas around objects are their shadows: those that touch one and are dark throughout.
struct ShadowGrowth {
  let evidence: ShadowEvidence
  /// The objects, in small pixels of the whole frame.
  let mask: Mask

  /// Ratios of light below which a pixel belongs to a shadow, and of which a shadow must have some.
  private static let weak: Float = 0.93
  private static let strong: Float = 0.86
  /// Pixels from an object within which a shadow begins: masks do not end exactly where objects do.
  private static let gap = 3
  /// Pixels over which a shadow fades out beyond what is surely dark.
  private static let penumbra = 2
  private static let smallest = 12

  /// The shadows, with the label of the object that casts each; 0 on the objects themselves.
  func shadow() -> Mask {
    let region = evidence.region
    let objects = Mask(labels: mask.labels.cropped(to: region))
    let light = smoothed(objects)
    let dark = Plane(
      width: region.width, height: region.height,
      samples: light.samples.indices.map { pixel -> UInt8 in
        objects.labels.samples[pixel] == 0 && evidence.isSure.samples[pixel] != 0
          && light.samples[pixel] < ShadowGrowth.weak ? 255 : 0
      })
    let parts = dark.components(connectivity: .four)
    let labels = labels(of: parts, light, near: objects.dilated(radius: ShadowGrowth.gap))
    let found = Mask(labels: parts.labels.map { $0 == 0 ? 0 : labels[Int($0) - 1] })
    let soft = found.dilated(radius: ShadowGrowth.penumbra)
    var out = Mask(width: mask.width, height: mask.height)
    out.labels = out.labels.replacing(region, with: soft.labels)
    for pixel in out.labels.samples.indices where mask.labels.samples[pixel] != 0 { out.labels.samples[pixel] = 0 }
    return out
  }

  /// The mean ratio around each pixel, over pixels that show no object.
  private func smoothed(_ objects: Mask) -> Plane<Float> {
    let known = objects.labels.map { $0 == 0 ? Float(1) : 0 }
    let weighted = Plane(
      width: known.width, height: known.height, samples: zip(known.samples, evidence.ratio.samples).map { $0 * $1 })
    let (sums, shares) = (weighted.boxBlurred(radius: 2), known.boxBlurred(radius: 2))
    return Plane(
      width: known.width, height: known.height,
      samples: zip(sums.samples, shares.samples).map { $1 > 0.01 ? $0 / $1 : 1 })
  }

  /// For each part the object that casts it; 0 where it is none's shadow.
  private func labels(of parts: Components, _ light: Plane<Float>, near: Mask) -> [UInt8] {
    var touches = [[UInt8: Int]](repeating: [:], count: parts.count)
    var strong = [Int](repeating: 0, count: parts.count)
    for (pixel, part) in parts.labels.samples.enumerated() where part != 0 {
      if light.samples[pixel] < ShadowGrowth.strong { strong[Int(part) - 1] += 1 }
      let label = near.labels.samples[pixel]
      if label != 0 { touches[Int(part) - 1][label, default: 0] += 1 }
    }
    return parts.areas.indices.map { part in
      guard parts.areas[part] >= ShadowGrowth.smallest, 10 * strong[part] >= 3 * parts.areas[part],
        let most = touches[part].max(by: { ($0.value, $1.key) < ($1.value, $0.key) }), most.value >= 3
      else { return 0 }
      return most.key
    }
  }
}
