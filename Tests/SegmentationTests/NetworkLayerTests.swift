import Imaging
import TestSupport
import Testing

@testable import Segmentation

/// The layer kernel against the plain Swift reference, to the bit, at every CPU level that this machine has.
@Suite(.serialized)
struct NetworkLayerTests {
  private func noise(_ count: Int, seed: UInt64) -> [Float] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { _ in Float.random(in: -1...1, using: &random) }
  }

  private func plane(_ width: Int, _ height: Int, _ channels: Int) -> CellPlane {
    var plane = CellPlane(width: width, height: height, channels: channels)
    let values = noise(width * height * channels, seed: 3)
    for y in 0..<height {
      for x in 0..<width {
        let target = plane.offset(x: x, y: y)
        for channel in 0..<channels { plane.values[target + channel] = values[(y * width + x) * channels + channel] }
      }
    }
    return plane
  }

  /// Blocks of cells and a few more or less, one row, one column; inputs that are no multiple of anything.
  @Test(arguments: [(17, 9, 20, 24, 1), (8, 3, 5, 8, 1), (7, 1, 3, 16, 1), (1, 6, 8, 8, 1), (33, 2, 56, 32, 0)])
  func layers(width: Int, height: Int, inputs: Int, outputs: Int, reach: Int) {
    let taps = (2 * reach + 1) * (2 * reach + 1)
    let given = plane(width, height, inputs)
    for isRectified in [true, false] {
      let layer = NetworkLayer(
        inputs: inputs, outputs: outputs, reach: reach, isRectified: isRectified,
        weights: noise(taps * inputs * outputs, seed: 5), biases: noise(outputs, seed: 7))
      let expected = NetworkLayerReference.output(given, layer).values
      atEveryLevel {
        #expect(layer(given, threads: 1).values == expected)
        #expect(layer(given, threads: 2).values == expected)
      }
    }
  }

  /// What a box is answered with, network and all.
  @Test func boxesDoNotDependOnLevelOrThreads() throws {
    let image = Pictures.disc(width: 190, height: 130)
    let region: Region = try #require(Pictures.discTruth(width: 190, height: 130).boundingBox)
    let box = Prompts(box: region)
    let expected = try BuiltinSegmenter().prepare(image).candidates(for: box, limit: 1)[0].mask
    try atEveryLevel {
      for threads in 1...2 {
        let frame = try BuiltinSegmenter(threads: threads).prepare(image)
        #expect(try frame.candidates(for: box, limit: 1)[0].mask == expected)
      }
    }
  }

  /// Halving and doubling again keeps what is constant, at odd sizes too.
  @Test func scales() {
    var flat = CellPlane(width: 5, height: 3, channels: 2)
    for y in 0..<3 {
      for x in 0..<5 { flat.values[flat.offset(x: x, y: y)] = 4 }
    }
    let half = flat.halved()
    #expect((half.width, half.height) == (3, 2))
    var doubled = CellPlane(width: 5, height: 3, channels: 2)
    doubled.addDoubled(half)
    #expect(doubled.values == flat.values)
  }
}

struct CellGridTests {
  private func grid(width: Int, height: Int) -> (grid: CellGrid, superpixels: Superpixels) {
    var image = RGBImage(width: width, height: height)
    for i in image.pixels.indices {
      image.pixels[i] = SIMD4(UInt16(i * 37 % 256) << 8, UInt16(i / width * 5 % 256) << 8, 90 << 8, 0)
    }
    let scene = Scene(image, threads: 1)
    return (CellGrid(image, scene.graph), scene.superpixels)
  }

  /// What all superpixels have in common each cell has, and gets back to them.
  @Test(arguments: [(190, 97), (97, 190), (640, 360), (9, 3), (1, 1)])
  func shares(width: Int, height: Int) {
    let (grid, superpixels) = grid(width: width, height: height)
    var ones = CellPlane(width: superpixels.count, height: 1, channels: 8)
    for i in 0..<superpixels.count {
      for channel in 0..<8 { ones.values[ones.offset(x: i, y: 0) + channel] = Float(channel) }
    }
    let cells = grid.spread(ones)
    #expect(cells.channels == 8 + CellGrid.pictureChannels)
    for y in 0..<grid.height {
      for x in 0..<grid.width { #expect(abs(cells.values[cells.offset(x: x, y: y) + 5] - 5) < 1e-4) }
    }
    var back = CellPlane(width: superpixels.count, height: 1, channels: cells.channels + 3)
    grid.gather(cells, into: &back)
    for i in 0..<superpixels.count { #expect(abs(back.values[back.offset(x: i, y: 0) + 5] - 5) < 1e-4) }
  }

  /// An object of one colour is told from the ground by its cells.
  @Test func picture() {
    var image = RGBImage(width: 200, height: 120, repeating: SIMD4(0, 0, 255 << 8, 0))
    for y in 0..<120 {
      for x in 0..<100 { image[x, y] = SIMD4(255 << 8, 0, 0, 0) }
    }
    let grid = CellGrid(image, Scene(image, threads: 1).graph)
    #expect(abs(grid.picture[0].x - 4 * 0.55) < 1e-4 && abs(grid.picture[0].z + 4 * 0.45) < 1e-4)
    #expect(abs(grid.picture[grid.width - 1].z - 4 * 0.55) < 1e-4)
    #expect(grid.picture[0].w < 0.02)
  }
}
