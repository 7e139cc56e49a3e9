import Imaging

/// Gives filled areas the grain of their surroundings.
///
/// Where a fill is smoother than the flattest ground around it, the fine detail of such ground is laid over it, block by
/// block, from places about as bright. The blocks overlap by half under sine windows, whose squares add up to 1, so that
/// the grain keeps its strength. A function of the picture alone.
struct GrainMatch {
  private let region: Region
  private let hole: Plane<UInt8>
  private let levels: [SIMD4<Float>]
  /// What a picture has beyond its smoothed copy.
  private let detail: [SIMD4<Float>]

  /// Side of a block, and pixels of surroundings that are looked at.
  private static let block = 16
  private static let surroundings = 48
  private static let smoothing: Float = 1.5
  /// The share of blocks, in percent, that count as flat ground.
  private static let flat = 25
  /// Blocks among which the one most like in brightness is taken.
  private static let draws = 6

  /// nil where the hole is empty.
  init?(_ image: RGBImage, hole: Plane<UInt8>) {
    guard let box = hole.boundingBox else { return nil }
    region = box.grown(by: GrainMatch.surroundings).intersection(image.bounds)
    self.hole = hole.cropped(to: region)
    let part = image.cropped(to: region)
    levels = part.levels
    let smooth = part.blurred(sigma: GrainMatch.smoothing).levels
    detail = zip(levels, smooth).map { $0 - $1 }
  }

  private struct Block {
    var x: Int
    var y: Int
    var brightness: Float
    /// Mean square of the detail's luma.
    var energy: Float
  }

  /// Adds grain to the pixels of the hole.
  func apply(to image: inout RGBImage) {
    let sources = flatBlocks()
    guard sources.count >= GrainMatch.draws else { return }
    var grain = [SIMD4<Float>](repeating: .zero, count: region.area)
    let half = GrainMatch.block / 2
    var random = SplitMix64(seed: seed)
    for y in stride(from: -half, to: region.height, by: half) {
      for x in stride(from: -half, to: region.width, by: half) {
        guard let target = measured(x, y, inHole: true) else { continue }
        lay(choice(for: target, among: sources, &random), over: target, into: &grain)
      }
    }
    for pixel in grain.indices where hole.samples[pixel] != 0 && grain[pixel] != .zero {
      let (x, y) = (region.x + pixel % region.width, region.y + pixel / region.width)
      image[x, y] = RGBImage.fixed(levels[pixel] + grain[pixel])
    }
  }

  private var seed: UInt64 {
    var sum: UInt64 = 0
    for pixel in levels.indices where hole.samples[pixel] == 0 {
      sum = sum &* 31 &+ UInt64(max(0, levels[pixel].y) * 256)
    }
    return sum
  }

  private func flatBlocks() -> [Block] {
    var blocks: [Block] = []
    for y in stride(from: 0, through: region.height - GrainMatch.block, by: GrainMatch.block / 2) {
      for x in stride(from: 0, through: region.width - GrainMatch.block, by: GrainMatch.block / 2) {
        if let block = measured(x, y, inHole: false) { blocks.append(block) }
      }
    }
    blocks.sort { ($0.energy, $0.y, $0.x) < ($1.energy, $1.y, $1.x) }
    return Array(blocks.prefix(max(GrainMatch.draws, blocks.count * GrainMatch.flat / 100)))
  }

  /// The block at (x, y), of its pixels in the hole alone; or, of known ground, nil where the hole reaches into it.
  private func measured(_ x: Int, _ y: Int, inHole: Bool) -> Block? {
    var (brightness, energy, count) = (Float(0), Float(0), Float(0))
    for row in max(0, y)..<min(region.height, y + GrainMatch.block) {
      for column in max(0, x)..<min(region.width, x + GrainMatch.block) {
        let pixel = row * region.width + column
        guard (hole.samples[pixel] != 0) == inHole else {
          if inHole { continue } else { return nil }
        }
        let fine = detail[pixel].luma
        energy += fine * fine
        brightness += levels[pixel].luma
        count += 1
      }
    }
    guard count > 0 else { return nil }
    return Block(x: x, y: y, brightness: brightness / count, energy: energy / count)
  }

  private func choice(for target: Block, among sources: [Block], _ random: inout SplitMix64) -> Block {
    var best = sources[Int(random.next() % UInt64(sources.count))]
    for _ in 1..<GrainMatch.draws {
      let other = sources[Int(random.next() % UInt64(sources.count))]
      if abs(other.brightness - target.brightness) < abs(best.brightness - target.brightness) { best = other }
    }
    return best
  }

  private func lay(_ source: Block, over target: Block, into grain: inout [SIMD4<Float>]) {
    let lack = 1 - target.energy / max(source.energy, 1e-6)
    guard lack > 0.1 else { return }
    let strength = lack.squareRoot()
    for row in 0..<GrainMatch.block where target.y + row >= 0 && target.y + row < region.height {
      for column in 0..<GrainMatch.block where target.x + column >= 0 && target.x + column < region.width {
        let weight = strength * GrainMatch.window[row] * GrainMatch.window[column]
        grain[(target.y + row) * region.width + target.x + column] +=
          detail[(source.y + row) * region.width + source.x + column] * weight
      }
    }
  }

  /// sin(π (i + ½) / 16), written out since the library's sine may differ between machines.
  private static let window: [Float] = {
    let rising: [Float] = [
      0.09801714, 0.29028468, 0.47139674, 0.6343933, 0.77301045, 0.88192126, 0.95694034, 0.9951847,
    ]
    return rising + rising.reversed()
  }()
}
