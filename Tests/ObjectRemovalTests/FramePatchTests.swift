import Foundation
import Imaging
import Testing

@testable import ObjectRemoval

@Suite struct FramePatchTests {
  static func frame(_ layout: PixelFormat.Layout, depth: Int, width: Int, height: Int, seed: Int) throws -> Frame {
    let format = PixelFormat(layout, bitDepth: depth)
    let planes = (0..<format.planeCount).map { index -> SamplePlane in
      let size = format.planeSize(index, width: width, height: height)
      let samples = (0..<size.width * size.height).map { ($0 &* 31 &+ index &* 7 &+ seed) & format.maxValue }
      return depth == 8
        ? .bytes(Plane(width: size.width, height: size.height, samples: samples.map { UInt8($0) }))
        : .words(Plane(width: size.width, height: size.height, samples: samples.map { UInt16($0) }))
    }
    return try Frame(width: width, height: height, format: format, color: .bt709, planes: planes)
  }

  @Test(arguments: PixelFormat.Layout.allCases, [8, 10])
  func whatIsCutOutGoesBackWhereItWas(_ layout: PixelFormat.Layout, _ depth: Int) throws {
    let source = try Self.frame(layout, depth: depth, width: 37, height: 23, seed: 1)
    let changed = try Self.frame(layout, depth: depth, width: 37, height: 23, seed: 99)
    let region = Region(x: 5, y: 3, width: 32, height: 20)
    let patch = FramePatch(of: changed, around: region)
    var reader = WordReader(patch.encoded())
    let restored = try #require(FramePatch(from: &reader))
    #expect(reader.isAtEnd)
    let result = try restored.applied(to: source)
    for index in result.planes.indices {
      let shift = index == 1 || index == 2 ? source.format.chromaShift : (x: 0, y: 0)
      for y in 0..<result.planes[index].height {
        for x in 0..<result.planes[index].width {
          let inside = patch.region.contains(x: x << shift.x, y: y << shift.y)
          #expect(result.planes[index][x, y] == (inside ? changed : source).planes[index][x, y])
        }
      }
    }
    #expect(patch.region.contains(region))
  }

  @Test func truncatedPatchesAreNotRead() throws {
    let patch = FramePatch(
      of: try Self.frame(.yuv420, depth: 8, width: 16, height: 16, seed: 1),
      around: Region(x: 2, y: 2, width: 8, height: 8))
    let data = patch.encoded()
    for count in stride(from: 0, to: data.count, by: 7) {
      var reader = WordReader(data.prefix(count))
      #expect(FramePatch(from: &reader) == nil)
    }
  }
}
