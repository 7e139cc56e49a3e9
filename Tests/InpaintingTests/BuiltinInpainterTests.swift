import Imaging
import TestSupport
import Testing

@testable import Inpainting

@Suite struct BuiltinInpainterTests {
  @Test func findsWhatAPanReveals() throws {
    let scene = FillScene.panning(step: 3, count: 14, box: Region(x: 50, y: 30, width: 20, height: 20))
    let output = try scene.fill()
    #expect(scene.error(output) < 30)
    let smooth = try scene.fill(.membrane)
    #expect(scene.error(output) * 10 < scene.error(smooth))
    let provenance = output[6].provenance
    let box = Region(x: 50, y: 30, width: 20, height: 20)
    #expect(provenance.cropped(to: box).samples.allSatisfy { $0 == Provenance.borrowed.rawValue })
  }

  @Test func leavesEverythingElseAlone() throws {
    let scene = FillScene()
    for (index, frame) in try scene.fill().enumerated() {
      let hole = scene.window.holes[index]
      for pixel in hole.samples.indices where hole.samples[pixel] == 0 {
        #expect(frame.image.pixels[pixel] == scene.window.frames[index].pixels[pixel])
        #expect(frame.provenance.samples[pixel] == 0)
      }
      #expect(!zip(hole.samples, frame.provenance.samples).contains { $0 != 0 && $1 == 0 })
    }
  }

  @Test func beatsTheMembraneOnARenderedWalker() throws {
    let scene = FillScene(count: 16)
    #expect(scene.error(try scene.fill()) * 2 < scene.error(try scene.fill(.membrane)))
  }

  @Test func followsDriftingExposure() throws {
    var scene = FillScene.panning(step: 3, count: 14, box: Region(x: 50, y: 30, width: 20, height: 20))
    var frames = scene.window.frames
    var truth = scene.truth
    for index in frames.indices {
      let gain = 1 - 0.02 * Float(index)
      frames[index].pixels = frames[index].pixels.map { RGBImage.fixed(SIMD4<Float>($0) / 256 * gain) }
      truth[index].pixels = truth[index].pixels.map { RGBImage.fixed(SIMD4<Float>($0) / 256 * gain) }
    }
    scene = FillScene(truth: truth, images: frames, holes: scene.window.holes)
    #expect(scene.error(try scene.fill()) < 40)
  }

  @Test func holdsStillWhatNoFrameShows() throws {
    let scene = FillScene.panning(step: 0, count: 5, box: Region(x: 50, y: 30, width: 20, height: 20))
    let output = try scene.fill()
    let box = Region(x: 50, y: 30, width: 20, height: 20)
    for frame in output {
      #expect(frame.provenance.cropped(to: box).samples.allSatisfy { $0 == Provenance.madeUp.rawValue })
      let change = zip(frame.image.pixels, output[0].image.pixels).map { a, b -> Int in
        max(abs(Int(a.x) - Int(b.x)), abs(Int(a.y) - Int(b.y)))
      }
      #expect(change.max()! < 3 * 256)
    }
    let values = output[0].image.cropped(to: box).pixels.map { Float($0.x) / 256 }
    let mean = values.reduce(0, +) / Float(values.count)
    #expect(values.map { abs($0 - mean) }.reduce(0, +) / Float(values.count) > 8, "texture, not a smear")
  }

  /// A hole whose mask trembles rides on a texture: no frame shows what it hides, and what is made up goes along.
  @Test func knowsThatARidingHoleHidesItsGround() throws {
    let count = 12
    let truth = FillScene.panning(step: 2, count: count, box: Region(x: 0, y: 0, width: 1, height: 1)).truth
    let boxes = (0..<count).map { Region(x: 80 - 2 * $0 - $0 % 2, y: 30, width: 20 + $0 % 2, height: 20 + $0 % 3) }
    let output = try FillScene(truth: truth, holes: boxes.map { FillScene.hole($0, 120, 80) }).fill()
    var (change, pixels) = (Float(0), Float(0))
    for (index, frame) in output.enumerated() {
      let inner = Region(x: 84 - 2 * index, y: 34, width: 12, height: 12)
      #expect(frame.provenance.cropped(to: inner).samples.allSatisfy { $0 == Provenance.madeUp.rawValue })
      let first = output[0].image.cropped(to: Region(x: 84, y: 34, width: 12, height: 12))
      for (now, then) in zip(frame.image.cropped(to: inner).pixels, first.pixels) {
        change += abs(Float(now.x) - Float(then.x)) / 256
        pixels += 1
      }
    }
    #expect(change / pixels < 6, "what was made up changes by \(change / pixels) levels")
  }

  /// A box of half transparency over a noisy pan: what the mark shows tells each frame's own noise, which no other frame can.
  @Test func invertsAMarkThatLetsThePictureThrough() throws {
    let box = Region(x: 40, y: 24, width: 30, height: 26)
    var scene = FillScene.noisy(.panning(step: 3, count: 24, box: box))
    let plain = scene.error(try scene.fill())
    var frames = scene.truth
    for index in frames.indices {
      for y in box.y + 3..<box.maxY - 3 {
        for x in box.x + 3..<box.maxX - 3 {
          frames[index][x, y] = RGBImage.fixed(frames[index].level(x, y) * 0.5 + SIMD4(127, 120, 60, 0))
        }
      }
    }
    scene.uncover(frames)
    var options = InpaintingOptions()
    options.invertsTranslucentMarks = true
    let inverted = scene.error(try scene.fill(options))
    #expect(inverted * 2 < plain, "squared error \(inverted), of the fill alone \(plain)")
  }

  @Test func anOpaqueMarkIsNotInverted() throws {
    let scene = FillScene.panning(step: 3, count: 16, box: Region(x: 50, y: 30, width: 20, height: 20))
    var options = InpaintingOptions()
    options.invertsTranslucentMarks = true
    #expect(try scene.fill(options).map(\.image) == scene.fill().map(\.image))
  }

  @Test func flatFillsGetTheGrainAroundThem() {
    var random = SplitMix64(seed: 4)
    var image = RGBImage(width: 96, height: 64, repeating: SIMD4(30_000, 28_000, 26_000, 0))
    let hole = FillScene.hole(Region(x: 36, y: 20, width: 24, height: 24), 96, 64)
    for pixel in image.pixels.indices where hole.samples[pixel] == 0 {
      let noise = Int(random.next() % 2000) - 1000
      for lane in 0..<3 { image.pixels[pixel][lane] = UInt16(Int(image.pixels[pixel][lane]) + noise) }
    }
    var grained = image
    GrainMatch(image, hole: hole)?.apply(to: &grained)
    func spread(_ pixels: [SIMD4<UInt16>]) -> Float {
      let values = pixels.map { Float($0.y) / 256 }
      let mean = values.reduce(0, +) / Float(values.count)
      return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(values.count)).squareRoot()
    }
    let (inside, outside) = (
      grained.pixels.indices.filter { hole.samples[$0] != 0 }, grained.pixels.indices.filter { hole.samples[$0] == 0 }
    )
    let ratio = spread(inside.map { grained.pixels[$0] }) / spread(outside.map { grained.pixels[$0] })
    #expect(ratio > 0.6 && ratio < 1.2, "grain of \(ratio) times the surroundings'")
    #expect(outside.allSatisfy { grained.pixels[$0] == image.pixels[$0] })
  }

  @Test(arguments: [1, 2, 3]) func survivesHolesThatCoverEverything(count: Int) throws {
    let truth = (0..<count).map { _ in RGBImage(width: 40, height: 30, repeating: SIMD4(9000, 9000, 9000, 0)) }
    let full = Plane<UInt8>(width: 40, height: 30, repeating: 255)
    let output = try FillScene(truth: truth, holes: truth.map { _ in full }).fill()
    #expect(output.count == count)
    #expect(output.allSatisfy { $0.provenance.samples.allSatisfy { $0 == Provenance.abstained.rawValue } })
  }

  @Test func borrowsAcrossAFullyCoveredFrame() throws {
    let scene = FillScene.panning(step: 2, count: 9, box: Region(x: 50, y: 30, width: 12, height: 12))
    var holes = scene.window.holes
    holes[4] = Plane(width: 120, height: 80, repeating: 255)
    let output = try FillScene(truth: scene.truth, holes: holes).fill()
    #expect(output.count == 9)
    #expect(!output[4].provenance.samples.contains(0))
  }

  @Test(arguments: [(1, 1), (1, 7), (5, 3), (17, 9), (33, 8)]) func survivesTinyRegions(size: (Int, Int)) throws {
    let truth = (0..<3).map { _ in RGBImage(width: size.0, height: size.1, repeating: SIMD4(9000, 100, 65280, 0)) }
    var hole = Plane<UInt8>(width: size.0, height: size.1, repeating: 0)
    hole[size.0 / 2, size.1 / 2] = 1
    let output = try FillScene(truth: truth, holes: truth.map { _ in hole }).fill()
    #expect(output.count == 3)
  }

  @Test func survivesOneFrameAndEmptyHoles() throws {
    let scene = FillScene.panning(step: 2, count: 1, box: Region(x: 50, y: 30, width: 12, height: 12))
    #expect(try scene.fill()[0].provenance[55, 35] == Provenance.madeUp.rawValue)
    let bare = Plane<UInt8>(width: 120, height: 80, repeating: 0)
    let untouched = FillScene(truth: scene.truth, holes: [bare])
    #expect(try untouched.fill()[0].image == scene.truth[0])
    var holes = (0..<6).map { _ in FillScene.hole(Region(x: 50, y: 30, width: 12, height: 12), 120, 80) }
    for index in [0, 2, 3, 5] { holes[index] = bare }
    let truth = FillScene.panning(step: 2, count: 6, box: Region(x: 0, y: 0, width: 1, height: 1)).truth
    let output = try FillScene(truth: truth, holes: holes).fill()
    #expect(output[1].provenance[55, 35] == Provenance.borrowed.rawValue)
  }

  @Test func dependsOnNeitherThreadsNorLevel() throws {
    let scene = FillScene(width: 128, height: 80, count: 6)
    let reference = try scene.fill()
    #expect(try scene.fill(threads: 3).map(\.image) == reference.map(\.image))
    try atEveryLevel {
      let again = try scene.fill()
      #expect(again.map(\.image) == reference.map(\.image))
    }
  }

  @Test func goesOnFromAnEarlierWindow() throws {
    let scene = FillScene.panning(step: 0, count: 6, box: Region(x: 50, y: 30, width: 20, height: 20))
    var first = scene.window
    first.core = 0..<3
    let engine = BuiltinInpainter()
    let early = try engine.fill(first, cancellation: Cancellation(), progress: { _ in })
    var second = scene.window
    for index in 0..<3 {
      second.frames[index] = early[index].image
      second.filled[index] = early[index].provenance
    }
    second.core = 3..<6
    let late = try engine.fill(second, cancellation: Cancellation(), progress: { _ in })
    let jump = zip(early[2].image.pixels, late[0].image.pixels).map { abs(Int($0.x) - Int($1.x)) }.max()!
    #expect(jump < 3 * 256)
  }

  @Test func stopsWhenCancelled() {
    let cancellation = Cancellation()
    cancellation.cancel()
    let scene = FillScene.panning(step: 2, count: 3, box: Region(x: 50, y: 30, width: 12, height: 12))
    #expect(throws: CancellationError.self) {
      try BuiltinInpainter().fill(scene.window, cancellation: cancellation, progress: { _ in })
    }
  }

  @Test func refusesWindowsThatDoNotFit() {
    var window = FillScene.panning(step: 2, count: 3, box: Region(x: 50, y: 30, width: 12, height: 12)).window
    window.holes[1] = Plane(width: 3, height: 3, repeating: 0)
    #expect(throws: InpaintingError.self) {
      try BuiltinInpainter().fill(window, cancellation: Cancellation(), progress: { _ in })
    }
    window.holes.removeLast()
    #expect(throws: InpaintingError.self) {
      try BuiltinInpainter().fill(window, cancellation: Cancellation(), progress: { _ in })
    }
  }

  @Test func plansWithinMemory() throws {
    let engine = BuiltinInpainter()
    let small = try engine.plan(width: 432, height: 240, memory: 1 << 30)
    #expect(small.core >= 20 && small.peakBytes <= 1 << 30)
    let large = try engine.plan(width: 960, height: 540, memory: 700 << 20)
    #expect(large.core >= 1 && large.peakBytes <= 700 << 20)
    #expect(throws: InpaintingError.self) { try engine.plan(width: 1920, height: 1080, memory: 20 << 20) }
    #expect(throws: InpaintingError.self) { try engine.plan(width: .max / 2, height: 4, memory: 1 << 30) }
  }
}
