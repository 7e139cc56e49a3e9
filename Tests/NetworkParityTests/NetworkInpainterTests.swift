import Imaging
import Inpainting
import NeuralRuntime
import TestSupport
import Testing

@testable import NetworkParity

/// The inpainters that are networks, with weights from the formula: their pictures are nonsense, their behaviour is not.
@Suite(
  .serialized,
  .enabled(if: SharedClips.isAvailable, "no shared parity data"),
  .enabled(if: RuntimeHere.runtime != nil, "no ONNX Runtime on this machine: pip install onnxruntime"))
struct NetworkInpainterTests {
  private static let size = (width: 100, height: 50)

  private static func e2fgvi(threads: Int) throws -> E2FGVIInpainter {
    let folder = try ParityFolder(try #require(SharedClips.path("parity/e2fgvi_hq")))
    let options = SessionOptions(threads: threads)
    let runtime = try #require(RuntimeHere.runtime)
    return E2FGVIInpainter(
      try E2FGVINetwork(weights: folder.weights, runtime: runtime, options: options), threads: threads)
  }

  private static func vinet(threads: Int) throws -> VINetInpainter {
    let folder = try ParityFolder(try #require(SharedClips.path("parity/vinet")))
    var settings = VINetSettings()
    settings.crop = 128
    settings.preRun = 2
    let network = try VINetNetwork(
      weights: folder.weights, settings: settings, runtime: try #require(RuntimeHere.runtime),
      options: SessionOptions(threads: threads))
    return VINetInpainter(network, threads: threads)
  }

  private static func engine(_ name: String, threads: Int) throws -> any Inpainter {
    name == "vinet" ? try vinet(threads: threads) : try e2fgvi(threads: threads)
  }

  /// A pattern that moves, with a hole in the middle; the first frame is filled already.
  private static func window() -> InpaintingWindow {
    var window = InpaintingWindow(frames: [], holes: [], filled: [], core: 1..<4)
    for index in 0..<5 {
      var image = RGBImage(width: size.width, height: size.height)
      var hole = Plane<UInt8>(width: size.width, height: size.height, repeating: 0)
      for y in 0..<size.height {
        for x in 0..<size.width {
          image[x, y] = RGBImage.fixed(SIMD4(Float((x + index) % 16 * 16), Float(y * 5), Float(x * 2), 0))
          if 40..<60 ~= x && 20..<32 ~= y { hole[x, y] = 255 }
        }
      }
      window.frames.append(image)
      window.holes.append(hole)
      window.filled.append(index == 0 ? hole.map { $0 == 0 ? 0 : Provenance.borrowed.rawValue } : nil)
    }
    return window
  }

  @Test(arguments: ["e2fgvi_hq", "vinet"]) func onlyTheHoleChangesWhateverTheThreads(_ name: String) throws {
    let window = Self.window()
    var shares: [Double] = []
    let one = try Self.engine(name, threads: 1).fill(window, cancellation: Cancellation()) { shares.append($0) }
    let two = try Self.engine(name, threads: 2).fill(window, cancellation: Cancellation()) { _ in }
    #expect(one.map(\.image) == two.map(\.image))
    #expect(one.count == window.core.count)
    #expect(shares.last == 1 && shares == shares.sorted())
    for (index, filled) in zip(window.core, one) {
      for (at, sample) in window.holes[index].samples.enumerated() {
        let isSame = filled.image.pixels[at] == window.frames[index].pixels[at]
        #expect(sample != 0 || isSame)
        #expect(filled.provenance.samples[at] == (sample == 0 ? 0 : Provenance.madeUp.rawValue))
      }
      #expect(filled.image != window.frames[index])
    }
  }

  @Test(arguments: ["e2fgvi_hq", "vinet"]) func endsWhenCancelled(_ name: String) throws {
    let cancellation = Cancellation()
    cancellation.cancel()
    let engine = try Self.engine(name, threads: 2)
    #expect(throws: CancellationError.self) { try engine.fill(Self.window(), cancellation: cancellation) { _ in } }
  }

  @Test(arguments: ["e2fgvi_hq", "vinet"]) func plansWithinTheBudgetOrSaysWhatWouldDo(_ name: String) throws {
    let engine = try Self.engine(name, threads: 1)
    let plan = try engine.plan(width: 432, height: 240, memory: 3 << 30)
    #expect(plan.peakBytes <= 3 << 30 && plan.core >= 4)
    let error = #expect(throws: InpaintingError.self) { try engine.plan(width: 432, height: 240, memory: 64 << 20) }
    #expect(error?.code == .memory)
    #expect(throws: InpaintingError.self) { try engine.plan(width: .max, height: .max, memory: 2 << 30) }
  }
}

struct E2FGVIWindowTests {
  @Test func windowsReachBothWaysAndTheirReferencesAreTheOthers() {
    let windows = E2FGVIWindows().windows(count: 23)
    #expect(windows.map(\.middle) == [0, 5, 10, 15, 20])
    #expect(windows.map(\.neighbours) == [0..<6, 0..<11, 5..<16, 10..<21, 15..<23])
    #expect(windows.map(\.references) == [[10, 20], [20], [0, 20], [0], [0, 10]])
  }

  @Test func paddingMirrorsFromTheEdge() {
    let frame = NeuralTensor((0..<3 * 2 * 100).map { Float($0) }, [1, 3, 2, 100])
    let padded = E2FGVIClip.mirrored(frame)
    #expect(padded.shape == [1, 3, 60, 108])
    let row = Array(padded.floats[..<108])
    #expect(row[99...102] == [99, 99, 98, 97])
    #expect(padded.floats[2 * 108] == 100 && padded.floats[4 * 108] == 0)
  }
}
