import GridNetwork
import Imaging
import TestSupport
import Testing

@testable import Segmentation

@Suite(.serialized)
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
}
