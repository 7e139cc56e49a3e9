import Foundation
import Imaging

/// The plane behind everything: a street front with bricks, windows, posters, bushes and paving.
///
/// Painted once into a texture, which is then sampled by cubic convolution: frames and truth come from the same
/// continuous picture.
struct SceneWorld: Sendable {
  private let width: Int
  private let height: Int
  private let texels: [SIMD4<UInt8>]

  init(viewWidth: Int, viewHeight: Int, seed: UInt64) {
    width = viewWidth + viewWidth * 7 / 10
    height = viewHeight + viewHeight * 4 / 10
    let painter = StreetPainter(viewHeight: viewHeight, seed: seed)
    var painted: [SIMD4<UInt8>] = []
    painted.reserveCapacity(width * height)
    for row in 0..<height {
      for column in 0..<width {
        let color = painter.color(Float(column) - Float(width) / 2, Float(row) - Float(height) / 2)
        let level = color.clamped(lowerBound: .zero, upperBound: SIMD4(repeating: 255))
        painted.append(SIMD4<UInt8>(truncatingIfNeeded: SIMD4<Int32>(level + SIMD4(repeating: 0.5))))
      }
    }
    texels = painted
  }

  /// The colour in levels at a place in the world, by Catmull-Rom interpolation.
  func color(at place: SIMD2<Double>) -> SIMD4<Float> {
    let x = place.x + Double(width) / 2
    let y = place.y + Double(height) / 2
    let column = x.rounded(.down)
    let row = y.rounded(.down)
    let across = SceneWorld.weights(Float(x - column))
    let down = SceneWorld.weights(Float(y - row))
    var sum = SIMD4<Float>.zero
    for j in 0..<4 {
      let line = min(max(Int(row) + j - 1, 0), height - 1) * width
      var lineSum = SIMD4<Float>.zero
      for i in 0..<4 {
        let texel = texels[line + min(max(Int(column) + i - 1, 0), width - 1)]
        lineSum += SIMD4<Float>(texel) * across[i]
      }
      sum += lineSum * down[j]
    }
    return sum
  }

  private static func weights(_ t: Float) -> SIMD4<Float> {
    let a = -0.5 * t + t * t - 0.5 * t * t * t
    let b = 1 - 2.5 * t * t + 1.5 * t * t * t
    let c = 0.5 * t + 2 * t * t - 1.5 * t * t * t
    return SIMD4(a, b, c, 1 - a - b - c)
  }
}

/// Colours of the street as a function of place.
private struct StreetPainter {
  let unit: Float
  let noise: SceneNoise
  let octaves: Int
  let groundLine: Float

  init(viewHeight: Int, seed: UInt64) {
    unit = max(0.25, Float(viewHeight) / 240)
    noise = SceneNoise(seed: seed)
    // The finest octave is about 1.5 pixels wide at any size.
    octaves = 5 + Int(log2(unit).rounded(.down))
    groundLine = Float(viewHeight) * 0.2
  }

  func color(_ x: Float, _ y: Float) -> SIMD4<Float> {
    let grain = noise.octaves(x / (24 * unit), y / (24 * unit), count: octaves)
    if y > groundLine { return paving(x, y - groundLine, grain) }
    var color = bricks(x, y, grain)
    color = furnish(color, x, y, grain)
    return bush(over: color, x, y, grain)
  }

  private func bricks(_ x: Float, _ y: Float, _ grain: Float) -> SIMD4<Float> {
    let rowPitch = 11 * unit
    let row = (y / rowPitch).rounded(.down)
    let pitch = 27 * unit
    let shifted = x + (Int(row) & 1 == 0 ? 0 : pitch / 2)
    let column = (shifted / pitch).rounded(.down)
    let insideX = shifted - column * pitch
    let insideY = y - row * rowPitch
    let joint = min(min(insideX, pitch - insideX), min(insideY, rowPitch - insideY)) - 1.1 * unit
    let tint = noise.lattice(Int(column) + 900, Int(row) - 300)
    let brick = SIMD4<Float>(148 + 26 * tint, 88 + 15 * tint, 72 + 10 * tint, 0) + SIMD4(repeating: 34 * grain)
    let mortar = SIMD4<Float>(176, 168, 156, 0) + SIMD4(repeating: 22 * grain)
    return mix(mortar, brick, pixelCoverage(-joint))
  }

  /// A window or a poster in each bay of the wall, of its own size and colours.
  private func furnish(_ wall: SIMD4<Float>, _ x: Float, _ y: Float, _ grain: Float) -> SIMD4<Float> {
    let bay = 84 * unit
    let index = Int((x / bay).rounded(.down))
    let centre = (Float(index) + 0.5 + 0.12 * noise.lattice(index, 7001)) * bay
    let halfWidth = (20 + 6 * noise.lattice(index, 7002)) * unit
    let halfHeight = (27 + 8 * noise.lattice(index, 7003)) * unit
    let middle = groundLine - (72 + 10 * noise.lattice(index, 7004)) * unit
    let dx = x - centre
    let dy = y - middle
    let edge = max(abs(dx) - halfWidth, abs(dy) - halfHeight)
    guard edge < 4 * unit else { return wall }
    let isWindow = noise.lattice(index, 7005) > -0.1
    let inner = isWindow ? window(dx, dy, halfWidth, grain) : poster(index, dx / halfWidth, dy / halfHeight, grain)
    let frame = SIMD4<Float>(214, 208, 196, 0) + SIMD4(repeating: 18 * grain)
    return mix(mix(wall, frame, pixelCoverage(edge - 3 * unit)), inner, pixelCoverage(edge))
  }

  private func window(_ dx: Float, _ dy: Float, _ halfWidth: Float, _ grain: Float) -> SIMD4<Float> {
    let glass = SIMD4<Float>(52, 66, 82, 0) + SIMD4(repeating: 30 * grain + 26 * ((dx - dy) / (40 * unit)))
    let bar = min(abs(dx), abs(dy + 8 * unit)) - 1.6 * unit
    return mix(glass, SIMD4<Float>(196, 190, 178, 0), pixelCoverage(bar))
  }

  private func poster(_ index: Int, _ u: Float, _ v: Float, _ grain: Float) -> SIMD4<Float> {
    let hue = SIMD4<Float>(noise.lattice(index, 1), noise.lattice(index, 2), noise.lattice(index, 3), 0)
    let paper = SIMD4<Float>(150, 150, 150, 0) + hue * 90
    let ink = SIMD4<Float>(90, 90, 90, 0) - hue * 80
    let disc = ((u * u + (v + 0.35) * (v + 0.35)).squareRoot() - 0.45) * 20 * unit
    let lines = v > 0.25 ? (abs((v * 5).truncatingRemainder(dividingBy: 1) - 0.5) - 0.22) * 5 * unit : 1
    let inked = max(pixelCoverage(disc), pixelCoverage(max(lines, (abs(u) - 0.8) * 20 * unit)))
    return mix(paper, ink, inked) + SIMD4(repeating: 20 * grain)
  }

  private func bush(over color: SIMD4<Float>, _ x: Float, _ y: Float, _ grain: Float) -> SIMD4<Float> {
    let rise = groundLine - y
    guard rise < 46 * unit else { return color }
    let ragged = noise.octaves(x / (9 * unit) + 70, y / (9 * unit), count: 3)
    let hedge = 16 * noise.value(x / (70 * unit) + 30, 4.5) + 4
    let distance = rise - (hedge + 9 * ragged) * unit
    let leaf = noise.octaves(x / (5 * unit), y / (4 * unit) + 90, count: 2)
    let green = SIMD4<Float>(62, 96, 44, 0) + SIMD4(repeating: 46 * leaf + 16 * grain)
    return mix(color, green, pixelCoverage(distance))
  }

  private func paving(_ x: Float, _ depth: Float, _ grain: Float) -> SIMD4<Float> {
    let kerb = 5 * unit
    let stone = SIMD4<Float>(168, 164, 158, 0) + SIMD4(repeating: 40 * grain)
    guard depth > kerb else { return stone + SIMD4(repeating: 24 - 8 * depth / unit) }
    let rowPitch = 19 * unit
    let row = ((depth - kerb) / rowPitch).rounded(.down)
    let pitch = 44 * unit
    let slanted = x + 0.35 * depth + 13 * row * unit
    let column = (slanted / pitch).rounded(.down)
    let insideX = slanted - column * pitch
    let insideY = depth - kerb - row * rowPitch
    let joint = min(min(insideX, pitch - insideX), min(insideY, rowPitch - insideY)) - 0.9 * unit
    let slab = stone * 0.86 + SIMD4(repeating: 13 * noise.lattice(Int(column), Int(row) + 5000))
    return mix(SIMD4<Float>(84, 82, 78, 0) + SIMD4(repeating: 20 * grain), slab, pixelCoverage(-joint))
  }
}
