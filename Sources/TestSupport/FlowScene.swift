import Foundation
import Imaging
import Motion

/// Two pictures of textured planes that move before one another, with the exact flow between them.
///
/// Each layer is a plane of noise of several octaves, moved by a homography; pictures are sampled 4x4 a pixel, so that
/// nothing depends on a resampling filter. Everything follows from the seed.
public struct FlowScene: Sendable {
  /// A textured plane, cut out by an ellipse unless it is the background.
  public struct Layer: Sendable {
    /// From the first picture to the second.
    public var motion: Homography
    public var seed: UInt64
    /// Centre and half axes, in pixels of the first picture; nil covers all.
    public var ellipse: (center: SIMD2<Double>, radii: SIMD2<Double>)?
    /// Pixels a period of the coarsest octave.
    public var scale: Double

    public init(
      motion: Homography, seed: UInt64, ellipse: (center: SIMD2<Double>, radii: SIMD2<Double>)? = nil,
      scale: Double = 64
    ) {
      self.motion = motion
      self.seed = seed
      self.ellipse = ellipse
      self.scale = scale
    }
  }

  public let first: Plane<UInt8>
  public let second: Plane<UInt8>
  public let flow: FlowField
  /// 255 where the pixel of the first picture is seen in the second.
  public let visible: Plane<UInt8>
  /// The index of the layer seen at each pixel of the first picture.
  public let layers: Plane<UInt8>

  /// - Parameters:
  ///   - layers: back to front; the first one should cover all.
  ///   - gain: what the second picture's levels are multiplied by, before `bias` is added.
  ///   - noise: standard deviation, in levels, of what a sensor would add to both pictures.
  public init(width: Int, height: Int, layers: [Layer], gain: Double = 1, bias: Double = 0, noise: Double = 0) {
    var first = Plane<UInt8>(width: width, height: height, repeating: 0)
    var second = first
    var visible = first
    var top = first
    var flow = FlowField(width: width, height: height)
    let inverses = layers.map { $0.motion.inverse ?? .identity }
    for y in 0..<height {
      for x in 0..<width {
        var (before, after) = (0.0, 0.0)
        for sample in 0..<16 {
          let place = SIMD2(
            Double(x) + (Double(sample % 4) + 0.5) / 4 - 0.5, Double(y) + (Double(sample / 4) + 0.5) / 4 - 0.5)
          before += Self.topmost(layers, inverses: nil, place).value
          after += Self.topmost(layers, inverses: inverses, place).value
        }
        first[x, y] = Self.byte(before / 16 + noise * Self.grain(x, y, 1))
        second[x, y] = Self.byte(after / 16 * gain + bias + noise * Self.grain(x, y, 2))
        let place = SIMD2(Double(x), Double(y))
        let layer = Self.topmost(layers, inverses: nil, place).layer
        top[x, y] = UInt8(layer)
        let target = layers[layer].motion.apply(place)
        flow[x, y] = SIMD2<Float>(target - place)
        let inside =
          target.x >= 0 && target.y >= 0 && target.x <= Double(width - 1) && target.y <= Double(height - 1)
        visible[x, y] = inside && Self.topmost(layers, inverses: inverses, target).layer == layer ? 255 : 0
      }
    }
    (self.first, self.second, self.flow, self.visible) = (first, second, flow, visible)
    self.layers = top
  }

  private static func byte(_ value: Double) -> UInt8 { UInt8(min(255, max(0, value.rounded()))) }

  /// About normally distributed, of deviation 1.
  private static func grain(_ x: Int, _ y: Int, _ picture: UInt64) -> Double {
    var sum = 0.0
    for draw in 0..<12 { sum += hash(Int64(x), Int64(y), 9000 + picture * 100 + UInt64(draw)) }
    return sum - 6
  }

  private static func topmost(
    _ layers: [Layer], inverses: [Homography]?, _ place: SIMD2<Double>
  ) -> (layer: Int, value: Double) {
    for index in stride(from: layers.count - 1, through: 0, by: -1) {
      let source = inverses?[index].apply(place) ?? place
      if let ellipse = layers[index].ellipse {
        let d = (source - ellipse.center) / ellipse.radii
        if d.x * d.x + d.y * d.y > 1 { continue }
      }
      return (index, texture(source, layers[index]))
    }
    return (0, 0)
  }

  /// Value noise of six octaves, levels 0…255.
  private static func texture(_ place: SIMD2<Double>, _ layer: Layer) -> Double {
    var sum = 0.0
    var amplitude = 0.5
    var period = layer.scale
    for octave in 0..<6 {
      sum += (noise(place / period, seed: layer.seed &+ UInt64(octave)) - 0.5) * amplitude
      amplitude *= 0.62
      period /= 2
    }
    return 127.5 + 255 * sum
  }

  private static func noise(_ place: SIMD2<Double>, seed: UInt64) -> Double {
    let cell = place.rounded(.down)
    let t = place - cell
    let s = t * t * (SIMD2(repeating: 3) - 2 * t)
    let (x, y) = (Int64(cell.x), Int64(cell.y))
    let upper = hash(x, y, seed) + (hash(x + 1, y, seed) - hash(x, y, seed)) * s.x
    let lower = hash(x, y + 1, seed) + (hash(x + 1, y + 1, seed) - hash(x, y + 1, seed)) * s.x
    return upper + (lower - upper) * s.y
  }

  private static func hash(_ x: Int64, _ y: Int64, _ seed: UInt64) -> Double {
    var z = UInt64(bitPattern: x) &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(bitPattern: y) &* 0xC2B2_AE3D_27D4_EB4F
    z ^= seed &* 0x1656_67B1_9E37_79F9
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Double((z ^ (z >> 31)) >> 11) / Double(1 << 53)
  }
}
