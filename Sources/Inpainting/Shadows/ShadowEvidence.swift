import Imaging
import Motion

/// How much light the surroundings of the objects of one frame lack, against frames where the objects are far away.
struct ShadowEvidence {
  /// The surroundings, in small pixels of the frame.
  let region: Region
  /// Light now as a ratio of the light then, mean of the channels; 1 where nothing is known. The size of `region`.
  let ratio: Plane<Float>
  /// 255 where enough frames tell, agree with each other, and say about the same for each channel.
  let isSure: Plane<UInt8>

  private static let frameStride = 4
  /// Frames with the objects farthest away that are asked at each pixel, and the fewest that are an answer.
  private static let witnesses = 9
  private static let fewest = 3
  /// The least distance of the objects, as a share of their size, at which a frame is a witness.
  private static let apart: Float = 0.2
  /// Added to levels before they are divided, so that noise in the dark says nothing.
  private static let floor: Float = 4

  /// A frame that the one in question is compared with.
  private struct Witness {
    let sample: ShadowSample
    let map: Homography
    let gain: SIMD4<Float>
  }

  /// nil where the frame has no object or stands alone.
  init?(_ samples: [ShadowSample], at index: Int, threads: Int) {
    let target = samples[index]
    guard let box = target.mask.boundingBox else { return nil }
    let size = Float(max(box.width, box.height))
    let region = box.grown(by: Int(1.2 * size) + 8).intersection(target.image.bounds)
    let near = ShadowEvidence.apart * size
    let witnesses = ShadowEvidence.witnesses(of: samples, at: index, near: near)
    guard witnesses.count >= ShadowEvidence.fewest else { return nil }
    self.region = region
    var ratio = Plane<Float>(width: region.width, height: region.height, repeating: 1)
    var isSure = Plane<UInt8>(width: region.width, height: region.height, repeating: 0)
    ratio.samples.withUnsafeMutableBufferPointer { ratio in
      isSure.samples.withUnsafeMutableBufferPointer { isSure in
        nonisolated(unsafe) let (ratio, isSure) = (ratio, isSure)
        Rows.concurrently(region.height, threads: threads, minimumBand: 4) { band in
          for y in band {
            for x in 0..<region.width {
              guard let answer = ShadowEvidence.answer(target, witnesses, x + region.x, y + region.y, near) else {
                continue
              }
              ratio[y * region.width + x] = answer.ratio
              isSure[y * region.width + x] = answer.isSure ? 255 : 0
            }
          }
        }
      }
    }
    self.ratio = ratio
    self.isSure = isSure
  }

  private static func witnesses(of samples: [ShadowSample], at index: Int, near: Float) -> [Witness] {
    var out: [Witness] = []
    for direction in [1, -1] {
      var map = Homography.identity
      var other = index + direction
      while samples.indices.contains(other), abs(other - index) <= ShadowFinder.reach {
        if direction > 0 {
          map = (samples[other].fromBefore * map).normalised
        } else {
          guard let back = samples[other + 1].fromBefore.inverse else { break }
          map = (back * map).normalised
        }
        if (other - index) % frameStride == 0 {
          let gain = gain(from: samples[other], to: samples[index], map, near: near)
          out.append(Witness(sample: samples[other], map: map, gain: gain))
        }
        other += direction
      }
    }
    return out
  }

  /// What turns one frame's levels into the other's, away from the objects.
  private static func gain(from other: ShadowSample, to target: ShadowSample, _ map: Homography, near: Float)
    -> SIMD4<Float>
  {
    var ratios: [[Float]] = [[], [], []]
    for y in stride(from: 2, to: target.image.height, by: 6) {
      for x in stride(from: 2, to: target.image.width, by: 6) where Float(target.distance[x, y]) > near {
        guard let there = level(other, map, x, y, farther: near) else { continue }
        let here = target.image.level(x, y) + floor
        for lane in 0..<3 { ratios[lane].append(here[lane] / there.level[lane]) }
      }
    }
    guard ratios[0].count >= 32 else { return SIMD4(repeating: 1) }
    return SIMD4(median(&ratios[0]), median(&ratios[1]), median(&ratios[2]), 1)
  }

  private static func median(_ values: inout [Float]) -> Float {
    values.sort()
    return values[values.count / 2]
  }

  private static func level(_ sample: ShadowSample, _ map: Homography, _ x: Int, _ y: Int, farther near: Float)
    -> (level: SIMD4<Float>, distance: Float)?
  {
    let place = map(SIMD2(Float(x), Float(y)))
    guard place.x >= 1, place.y >= 1, place.x <= Float(sample.image.width - 2),
      place.y <= Float(sample.image.height - 2)
    else { return nil }
    let distance = Float(sample.distance[Int(place.x + 0.5), Int(place.y + 0.5)])
    return distance > near ? (sample.image.bilinear(place.x, place.y) + floor, distance) : nil
  }

  private static func answer(
    _ target: ShadowSample, _ witnesses: [Witness], _ x: Int, _ y: Int, _ near: Float
  ) -> (ratio: Float, isSure: Bool)? {
    guard target.distance[x, y] > 0 else { return nil }
    let here = target.image.level(x, y) + floor
    var answers: [(distance: Float, ratio: SIMD4<Float>)] = []
    for witness in witnesses {
      guard let there = level(witness.sample, witness.map, x, y, farther: near) else { continue }
      answers.append((there.distance, here / (there.level * witness.gain)))
    }
    guard answers.count >= fewest else { return nil }
    // The sort is stable in effect: frames at the same distance keep their order by the ratio that follows.
    answers.sort { ($0.distance, $0.ratio.x) > ($1.distance, $1.ratio.x) }
    let chosen = answers.prefix(self.witnesses).map(\.ratio)
    var typical = SIMD4<Float>.zero
    for lane in 0..<3 {
      var values = chosen.map { $0[lane] }
      typical[lane] = median(&values)
    }
    let mean = (typical.x + typical.y + typical.z) / 3
    var off = chosen.map { abs(($0.x + $0.y + $0.z) / 3 - mean) }
    let spread = median(&off)
    let tint = max(typical.x, typical.y, typical.z) - min(typical.x, typical.y, typical.z)
    let lack = abs(1 - mean)
    return (mean, mean > 0.15 && spread < 0.04 + 0.2 * lack && tint < 0.06 + 0.3 * lack)
  }
}
