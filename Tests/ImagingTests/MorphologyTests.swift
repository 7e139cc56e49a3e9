import Testing

@testable import Imaging

@Suite struct MorphologyTests {
  /// The squared distance to the nearest foreground sample by looking at all of them.
  private func bruteDistances(_ plane: Plane<UInt8>) -> Plane<Int32> {
    var out = Plane<Int32>(width: plane.width, height: plane.height, repeating: .max)
    let set = (0..<plane.samples.count).filter { plane.samples[$0] > 0 }
    for i in out.samples.indices {
      for j in set {
        let (dx, dy) = (i % plane.width - j % plane.width, i / plane.width - j / plane.width)
        out.samples[i] = min(out.samples[i], Int32(dx * dx + dy * dy))
      }
    }
    return out
  }

  static let sizes = [(1, 1), (1, 20), (20, 1), (17, 13), (40, 31)]

  @Test(arguments: sizes, [0.0, 0.01, 0.1, 0.6, 1.0])
  func distancesAreExact(size: (Int, Int), density: Double) {
    let plane = Fixture.dots(width: size.0, height: size.1, density: density)
    let expected = bruteDistances(plane)
    #expect(plane.squaredDistances() == expected)
    #expect(plane.squaredDistances(threads: 3) == expected)
    #expect(plane.map { $0 == 0 ? UInt8(9) : 0 }.squaredDistances(to: .background) == expected)
  }

  @Test(arguments: sizes, [0.0, 0.01, 0.1, 0.6, 1.0])
  func aDiscGrowsAndShrinks(size: (Int, Int), density: Double) {
    let plane = Fixture.dots(width: size.0, height: size.1, density: density, seed: 5)
    let distances = bruteDistances(plane)
    let inward = bruteDistances(plane.inverted)
    for radius in [0, 1, 2, 3, 5, 8, 100] {
      let limit = Int32(radius * radius)
      #expect(plane.dilated(radius: radius) == distances.map { $0 <= limit ? 255 : 0 }, "radius \(radius)")
      #expect(plane.eroded(radius: radius) == inward.map { $0 > limit ? 255 : 0 }, "radius \(radius)")
    }
    #expect(plane.dilated(radius: -3) == plane)
    #expect(plane.dilated(radius: .max) == plane.map { _ in plane.samples.contains(255) ? 255 : 0 })
  }

  @Test func anyValueAboveZeroIsForeground() {
    let plane = Plane<UInt8>(width: 3, height: 1, samples: [1, 0, 0])
    #expect(plane.dilated(radius: 0).samples == [255, 0, 0])
    #expect(plane.dilated(radius: 1).samples == [255, 255, 0])
    #expect(plane.eroded(radius: 0).samples == [255, 0, 0])
  }

  @Test func openingRemovesSpecksAndClosingFillsGaps() {
    var plane = Plane<UInt8>(width: 30, height: 20, repeating: 0)
    for y in 4..<15 { for x in 4..<15 { plane[x, y] = 255 } }
    var speckled = plane
    speckled[25, 10] = 255
    #expect(speckled.opened(radius: 2)[25, 10] == 0)
    #expect(speckled.opened(radius: 2)[9, 9] == 255)
    var gap = plane
    gap[9, 9] = 0
    #expect(gap.closed(radius: 2) == plane.closed(radius: 2))
    #expect(gap.closed(radius: 2)[9, 9] == 255)
    let noise = Fixture.dots(width: 33, height: 21, density: 0.4)
    #expect(zip(noise.samples, noise.closed(radius: 3).samples).allSatisfy { $0 <= $1 })
    #expect(zip(noise.samples, noise.opened(radius: 3).samples).allSatisfy { $0 >= $1 })
  }

  @Test func enclosedHolesAreFilled() {
    let ring: [UInt8] = [
      1, 1, 1, 1, 0,
      1, 0, 0, 1, 0,
      1, 1, 1, 0, 1,
      0, 0, 0, 1, 1,
    ]
    let filled = Plane(width: 5, height: 4, samples: ring).holesFilled()
    #expect(filled.samples.map { $0 / 255 } == [1, 1, 1, 1, 0, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1])
    #expect(Plane<UInt8>(width: 4, height: 4, repeating: 0).holesFilled().samples.allSatisfy { $0 == 0 })
    #expect(Plane<UInt8>(width: 4, height: 4, repeating: 1).holesFilled().samples.allSatisfy { $0 == 255 })
  }

  @Test func partsAreNumberedAndMeasured() {
    let plane = Plane<UInt8>(
      width: 6, height: 4,
      samples: [
        0, 1, 0, 0, 0, 1,
        0, 1, 0, 0, 1, 0,
        1, 1, 0, 0, 0, 0,
        0, 0, 0, 7, 7, 7,
      ])
    let eight = plane.components(connectivity: .eight)
    #expect(eight.areas == [4, 2, 3])
    #expect(eight.regions[0] == Region(x: 0, y: 0, width: 2, height: 3))
    #expect(eight.regions[1] == Region(x: 4, y: 0, width: 2, height: 2))
    #expect(eight.largest == 1)
    #expect(eight.coverage { $0 == 3 }.samples.suffix(3) == [255, 255, 255])
    let four = plane.components(connectivity: .four)
    #expect(four.areas == [4, 1, 1, 3])
    #expect(four.labels[4, 1] == 3)
    let none = Plane<UInt8>(width: 3, height: 3, repeating: 0).components()
    #expect(none.count == 0 && none.largest == nil)
  }

  @Test(arguments: [Connectivity.four, .eight], [0.3, 0.45, 0.6])
  func partsAgreeWithFloodFill(connectivity: Connectivity, density: Double) {
    let plane = Fixture.dots(width: 37, height: 29, density: density)
    let components = plane.components(connectivity: connectivity)
    var seen = Plane<Int32>(width: 37, height: 29, repeating: 0)
    var next: Int32 = 0
    for start in plane.samples.indices where plane.samples[start] > 0 && seen.samples[start] == 0 {
      next += 1
      var stack = [start]
      seen.samples[start] = next
      while let at = stack.popLast() {
        for dy in -1...1 {
          for dx in -1...1 where connectivity == .eight || dx == 0 || dy == 0 {
            let (x, y) = (at % 37 + dx, at / 37 + dy)
            guard plane.bounds.contains(x: x, y: y), plane[x, y] > 0, seen[x, y] == 0 else { continue }
            seen[x, y] = next
            stack.append(y * 37 + x)
          }
        }
      }
    }
    #expect(components.labels == seen)
    #expect(components.areas == (1...Int(next)).map { label in seen.samples.count { $0 == label } })
    for (index, region) in components.regions.enumerated() {
      #expect(components.coverage { $0 == index + 1 }.boundingBox == region)
    }
  }

  @Test func objectsGrowToTheNearestLabel() {
    var mask = Mask(width: 40, height: 30)
    for (label, x, y) in [(3, 5, 5), (1, 13, 5), (200, 20, 20), (7, 21, 22)] { mask.labels[x, y] = UInt8(label) }
    for radius in [0, 1, 4, 6] {
      let grown = mask.dilated(radius: radius)
      for y in 0..<30 {
        for x in 0..<40 {
          let seeds = [(1, 13, 5), (3, 5, 5), (7, 21, 22), (200, 20, 20)].map { label, sx, sy in
            (label, (sx - x) * (sx - x) + (sy - y) * (sy - y))
          }
          let nearest = seeds.enumerated().min { ($0.element.1, $0.offset) < ($1.element.1, $1.offset) }!.element
          #expect(Int(grown.labels[x, y]) == (nearest.1 <= radius * radius ? nearest.0 : 0))
        }
      }
    }
    #expect(Mask(width: 4, height: 4).dilated(radius: 3).isEmpty)
    let full = Mask(labels: Plane(width: 4, height: 4, repeating: 9))
    #expect(full.dilated(radius: 3) == full)
  }

  @Test func objectBoxesHoldTheirObjects() {
    let labels = Fixture.noisePlane(width: 21, height: 17).map { UInt8($0 % 40 < 4 ? $0 % 40 : 0) }
    let mask = Mask(labels: labels)
    let boxes = mask.objectBoxes()
    #expect(boxes.map(\.object) == mask.objects)
    for (object, box) in boxes { #expect(mask.coverage(of: object).boundingBox == box) }
  }

  @Test(arguments: sizes, [0.0, 0.005, 0.05, 1.0])
  func theBoundingBoxIsTight(size: (Int, Int), density: Double) {
    let plane = Fixture.dots(width: size.0, height: size.1, density: density, seed: 3)
    let set = plane.samples.indices.filter { plane.samples[$0] > 0 }
    let (columns, rows) = (set.map { $0 % size.0 }, set.map { $0 / size.0 })
    guard let left = columns.min(), let right = columns.max(), let top = rows.min(), let bottom = rows.max() else {
      #expect(plane.boundingBox == nil)
      return
    }
    #expect(
      plane.boundingBox == Region(x: left, y: top, width: right - left + 1, height: bottom - top + 1))
  }

  @Test func feathersFallEvenly() {
    var plane = Plane<UInt8>(width: 21, height: 1, repeating: 0)
    plane[10, 0] = 1
    #expect(plane.feathered(radius: 4).samples[10...15] == [255, 204, 153, 102, 51, 0])
    #expect(plane.feathered(radius: 0) == plane.map { $0 * 255 })
    #expect(Plane<UInt8>(width: 3, height: 3, repeating: 0).feathered(radius: 5).samples.allSatisfy { $0 == 0 })
    let dots = Fixture.dots(width: 30, height: 30, density: 0.02)
    let feathered = dots.feathered(radius: 6)
    #expect(feathered.map { $0 == 255 ? 255 : 0 } == dots)
    let distances = bruteDistances(dots)
    for (alpha, squared) in zip(feathered.samples, distances.samples) {
      #expect(abs(Float(alpha) - max(0, 255 * (1 - Float(squared).squareRoot() / 7))) <= 0.51)
    }
  }
}
