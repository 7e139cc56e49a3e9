import CPixelKernels
import Imaging
import Motion
import Testing

@testable import Inpainting

@Suite(.serialized) struct FillKernelTests {
  static let levels = [CPK_BASELINE, CPK_AVX2, CPK_AVX512]

  @Test(arguments: levels) func samplesAsCatmullAndRom(level: cpk_level) {
    cpk_force_level(level)
    defer { cpk_force_level(cpk_detect()) }
    let picture = RGBImage(
      width: 23, height: 17, pixels: (0..<23 * 17).map { FillScene.texture(5 * ($0 % 23), 3 * ($0 / 23)) })
    let xs: [Float] = [0, 3.25, 11.5, 21.9, 22, 0.01, 7]
    let ys: [Float] = [0, 2.75, 8.5, 15.9, 16, 15.99, 9]
    let out = PictureSampling.sample(picture, x: xs, y: ys, gain: SIMD4(repeating: 1))
    for index in xs.indices {
      let d = out[index] - SamplingReference.sample(picture, xs[index], ys[index])
      #expect(max(abs(d.x), abs(d.y), abs(d.z)) < 0.002)
    }
    #expect(out[6] == picture.level(7, 9))
  }

  @Test(arguments: levels) func advancesAlongTheFlow(level: cpk_level) {
    cpk_force_level(level)
    defer { cpk_force_level(cpk_detect()) }
    let region = Region(x: 2, y: 1, width: 20, height: 14)
    var flow = TwoWayFlow(region: region)
    for index in flow.vectors.indices { flow.vectors[index] = SIMD4(1.5, -0.25, -1.5, 0.25) }
    let usable = (0..<4).map { Plane<UInt8>(width: 30, height: 20, repeating: $0 == 3 ? 255 : 0) }
    let tracing = ChainTracing(flows: [flow, flow, flow, flow], usable: usable, reach: 9)
    var hole = Plane<UInt8>(width: 30, height: 20, repeating: 0)
    hole[5, 6] = 255
    hole[19, 6] = 255
    var exits: [ChainTracing.Exit] = []
    tracing.trace(HoleSites(hole), from: 0, .later) { exits.append($0) }
    #expect(exits.count == 1, "the second point leaves the box where flow is known")
    #expect(exits[0].frame == 3 && exits[0].x == 9.5 && exits[0].y == 5.25 && exits[0].error == 0)
  }

  /// Between the middles of cells the flow is bilinear: one that is linear over the picture is followed exactly.
  @Test(arguments: levels) func advancesBetweenCells(level: cpk_level) {
    cpk_force_level(level)
    defer { cpk_force_level(cpk_detect()) }
    func motion(_ place: SIMD2<Float>) -> SIMD2<Float> { SIMD2(1 + 0.05 * place.x, 0.5 - 0.02 * place.y) }
    var flow = TwoWayFlow(region: Region(x: 3, y: 2, width: 50, height: 34))
    for row in flow.cells.y..<flow.cells.maxY {
      for column in flow.cells.x..<flow.cells.maxX {
        let vector = motion(TwoWayFlow.middle(column, row))
        let place = (row - flow.cells.y) * flow.cells.width + column - flow.cells.x
        flow.vectors[place] = SIMD4(lowHalf: vector, highHalf: -vector)
      }
    }
    let usable = [UInt8](arrayLiteral: 0, 255).map { Plane<UInt8>(width: 60, height: 40, repeating: $0) }
    let hole = FillScene.hole(Region(x: 6, y: 5, width: 31, height: 25), 60, 40)
    for sites in [HoleSites(hole), HoleSites(squaresOf: hole, step: 2)] {
      var exits: [ChainTracing.Exit] = []
      ChainTracing(flows: [flow, flow], usable: usable, reach: 1).trace(sites, from: 0, .later) { exits.append($0) }
      #expect(exits.count == sites.count)
      for exit in exits {
        let start = sites.place(Int(exit.site))
        let d = SIMD2(exit.x, exit.y) - start - motion(start)
        #expect(abs(d.x) < 1e-4 && abs(d.y) < 1e-4)
      }
    }
  }

  /// The ground rests for a frame, then something passes over it, and takes what began on it along, but not the ground.
  @Test func chainsOverRestingGroundAreNotTakenAlong() {
    let region = Region(x: 0, y: 0, width: 60, height: 20)
    /// Moves right from a column on, and came from the left from another on.
    func flow(later first: Int, earlier second: Int) -> TwoWayFlow {
      var flow = TwoWayFlow(region: region)
      for cell in flow.vectors.indices {
        let x = cell % flow.cells.width * TwoWayFlow.step
        if x >= first { flow.vectors[cell].x = 8 }
        if x >= second { flow.vectors[cell].z = -8 }
      }
      return flow
    }
    let flows = [flow(later: 30, earlier: 60), flow(later: 20, earlier: 38), flow(later: 60, earlier: 28)]
    let camera = CameraStep(later: .identity, earlier: .identity).field(flows[0].cells)
    let hazards = flows.map { ChainHazards($0, measured: $0, camera: camera, options: InpaintingOptions()) }
    #expect(
      !hazards[0].passes(29, 5, .later) && hazards[0].passes(30, 5, .later) && !hazards[0].passes(30, 5, .earlier))
    let usable = (0..<3).map { Plane<UInt8>(width: 60, height: 20, repeating: $0 == 2 ? 255 : 0) }
    var hole = Plane<UInt8>(width: 60, height: 20, repeating: 0)
    (hole[24, 6], hole[36, 6]) = (255, 255)
    func exits(_ hazards: [ChainHazards]) -> [ChainTracing.Exit] {
      var exits: [ChainTracing.Exit] = []
      let tracing = ChainTracing(flows: flows, hazards: hazards, usable: usable, reach: 9)
      tracing.trace(HoleSites(hole), from: 0, .later) { exits.append($0) }
      return exits
    }
    #expect(exits([]).map(\.x) == [32, 52])
    #expect(exits(hazards).map(\.x) == [52] && exits(hazards).allSatisfy(\.passes))
  }

  /// Beside the hole stands what does not move as the ground does that the flow was completed for.
  @Test func chainsDoNotTakeWhatStandsBefore() {
    var ground = TwoWayFlow(region: Region(x: 0, y: 0, width: 60, height: 20))
    for cell in ground.vectors.indices { ground.vectors[cell] = SIMD4(6, 0, -6, 0) }
    var measured = ground
    for cell in measured.vectors.indices where (15..<20).contains(cell % ground.cells.width) {
      measured.vectors[cell] = .zero
    }
    let camera = CameraStep(later: .translation(6, 0), earlier: .translation(-6, 0)).field(ground.cells)
    let hazards = ChainHazards(ground, measured: measured, camera: camera, options: InpaintingOptions())
    #expect(hazards.isOccluded(30, 5) && !hazards.isOccluded(29, 5) && !hazards.passes(30, 5, .later))
    var hole = Plane<UInt8>(width: 60, height: 20, repeating: 0)
    hole[25, 6] = 255
    let usable = (0..<4).map { Plane<UInt8>(width: 60, height: 20, repeating: $0 == 0 ? 0 : 255) }
    var exits: [ChainTracing.Exit] = []
    let tracing = ChainTracing(
      flows: Array(repeating: ground, count: 4), hazards: Array(repeating: hazards, count: 4), usable: usable, reach: 9)
    tracing.trace(HoleSites(hole), from: 0, .later) { exits.append($0) }
    #expect(exits.map(\.frame) == [3] && exits[0].x == 43)
  }

  @Test func whatPassesIsBelievedWhileItStaysAlike() {
    let mask = Plane<UInt8>(width: 3, height: 1, repeating: 255)
    var candidates = Candidates(sites: HoleSites(mask), slots: 2)
    candidates.frame = [1, 1, 1, 4, 4, 4]
    candidates.isPassing = [true, true, false, true, true, false]
    candidates.color = [50, 50, 50, 53, 90, 90].map { SIMD4(repeating: $0) }
    candidates.dropUnsteady()
    #expect(candidates.frame == [1, -1, 1, 4, -1, 4])
  }

  @Test func aCellHoldsTheMeanOfItsPixels() {
    let place = Region(x: 4, y: 6, width: 9, height: 7)
    var measured = FlowField(width: 9, height: 7)
    for y in 0..<7 {
      for x in 0..<9 { measured[x, y] = SIMD2(Float(x), Float(10 * y)) }
    }
    var flow = TwoWayFlow(region: Region(x: 7, y: 9, width: 6, height: 4))
    flow.set(.later, to: measured, at: place)
    #expect(flow.region == Region(x: 6, y: 8, width: 7, height: 5))
    #expect(flow[7, 9].lowHalf == SIMD2(2.5, 25) && flow[7, 9].highHalf == .zero)
    #expect(flow[12, 12].lowHalf == SIMD2(8, 60), "cells at the border are cut")
    #expect(flow.field(.later)[1, 1] == flow[7, 9].lowHalf)
  }

  @Test func candidatesOfASquareAreItsPixels() {
    var mask = Plane<UInt8>(width: 7, height: 5, repeating: 0)
    for (x, y) in [(1, 1), (2, 1), (6, 4)] { mask[x, y] = 255 }
    let squares = HoleSites(squaresOf: mask, step: 2)
    #expect(squares.count == 3)
    #expect(squares.place(0) == SIMD2(0.5, 0.5) && squares.place(2) == SIMD2(6, 4))
    var candidates = Candidates(sites: squares, slots: 1)
    candidates.frame = [4, -1, 7]
    candidates.x = [10.25, 0, 3]
    candidates.y = [20.5, 0, 2]
    let pixels = candidates.spread(over: HoleSites(mask), threads: 2)
    #expect(pixels.frame == [4, -1, 7])
    #expect(pixels.x[0] == 10.75 && pixels.y[0] == 21 && pixels.x[2] == 3 && pixels.y[2] == 2)
  }

  @Test(arguments: levels) func comparesPatches(level: cpk_level) {
    cpk_force_level(level)
    defer { cpk_force_level(cpk_detect()) }
    let width = 24
    let bytes = (0..<width * 16 * 4).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 7) }
    var expected: UInt32 = 0
    for dy in -3...3 {
      for dx in -3...3 {
        for lane in 0..<4 {
          let a = Int(bytes[4 * ((5 + dy) * width + 6 + dx) + lane])
          let b = Int(bytes[4 * ((11 + dy) * width + 17 + dx) + lane])
          expected += UInt32((a - b) * (a - b))
        }
      }
    }
    let kernel = cpk_fill_kernels().pointee.patch!
    #expect(kernel(bytes, Int32(width), 6, 5, 17, 11, .max) == expected)
    #expect(kernel(bytes, Int32(width), 6, 5, 17, 11, 10) > 10)
  }

  @Test func membraneOfALinearRampIsTheRamp() {
    let (width, height) = (40, 30)
    let ramp = (0..<width * height).map { SIMD4(Float($0 % width), Float($0 / width), 1, 0) }
    let mask = FillScene.hole(Region(x: 8, y: 9, width: 20, height: 12), width, height)
    var values = ramp
    for index in values.indices where mask.samples[index] != 0 { values[index] = SIMD4(repeating: 1e4) }
    Membrane.fill(&values, mask: mask)
    for index in values.indices {
      let d = values[index] - ramp[index]
      #expect((d * d).sum() < 0.01)
    }
  }

  @Test func spreadIsASquare() {
    var plane = Plane<UInt8>(width: 11, height: 9, repeating: 0)
    plane[0, 0] = 1
    plane[6, 5] = 1
    let grown = plane.spread(by: 2)
    for y in 0..<9 {
      for x in 0..<11 {
        let near = max(x, y) <= 2 || max(abs(x - 6), abs(y - 5)) <= 2
        #expect((grown[x, y] != 0) == near)
      }
    }
  }
}

/// What the sampling kernel computes, written plainly.
enum SamplingReference {
  static func sample(_ picture: RGBImage, _ x: Float, _ y: Float) -> SIMD4<Float> {
    let (left, top) = (Int(x.rounded(.down)), Int(y.rounded(.down)))
    let (wx, wy) = (weights(x - Float(left)), weights(y - Float(top)))
    func level(_ column: Int, _ row: Int) -> SIMD4<Float> {
      picture.level(min(max(column, 0), picture.width - 1), min(max(row, 0), picture.height - 1))
    }
    var sum = SIMD4<Float>.zero
    for row in 0..<4 {
      for column in 0..<4 { sum += level(left - 1 + column, top - 1 + row) * (wx[column] * wy[row]) }
    }
    let near = [level(left, top), level(left + 1, top), level(left, top + 1), level(left + 1, top + 1)]
    let low = near.reduce(near[0]) { pointwiseMin($0, $1) }
    let high = near.reduce(near[0]) { pointwiseMax($0, $1) }
    let slack = (high - low) * 0.25
    return sum.clamped(
      lowerBound: pointwiseMax(low - slack, .zero), upperBound: pointwiseMin(high + slack, SIMD4(repeating: 255)))
  }

  private static func weights(_ t: Float) -> [Float] {
    [
      0.5 * (-t + 2 * t * t - t * t * t), 0.5 * (2 - 5 * t * t + 3 * t * t * t),
      0.5 * (t + 4 * t * t - 3 * t * t * t), 0.5 * (-t * t + t * t * t),
    ]
  }
}
