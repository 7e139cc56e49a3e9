import Imaging
import NeuralRuntime

/// Fills holes with VINet, frame after frame: each sees five frames around it and what the last one became.
///
/// The region is resized to the square that the weights were trained for. A value without state: safe from several threads.
public struct VINetInpainter: Inpainter {
  private let network: VINetNetwork
  private let threads: Int
  private let upscaler: any Upscaler

  /// - Parameter upscaler: from the network's square to the region's size.
  public init(_ network: VINetNetwork, threads: Int = 1, upscaler: (any Upscaler)? = nil) {
    self.network = network
    self.threads = max(1, threads)
    self.upscaler = upscaler ?? BicubicUpscaler(threads: self.threads)
  }

  /// Frames that the network looks ahead and back.
  private var reach: Int { 2 * network.settings.stride }

  public func fill(
    _ window: InpaintingWindow, cancellation: Cancellation, progress: (Double) -> Void
  ) throws -> [FilledFrame] {
    try window.validate()
    guard window.hasHole else { return window.untouched }
    let side = network.settings.crop
    let frames = WorkingFrames(window: window, width: side, height: side, threads: threads, upscaler: upscaler)
    var settings = network.settings
    // Frames before the core give it a past; only a shot's first has to get one in reverse.
    if window.core.lowerBound > 0 { settings.preRun = 0 }
    var video = VINetVideo(VINetNetwork(network, settings: settings), count: window.frames.count) { index in
      try cancellation.check()
      let hole = frames.hole(index)
      // The weights were trained on pictures read blue first.
      let colours = frames.tensor(frames.image(index), hole: hole, channels: [2, 1, 0])
      return (colours, hole.samples.map { $0 == 0 ? 0 : 1 })
    }
    let steps = video.order.count - (window.frames.count - window.core.upperBound)
    var filled: [FilledFrame] = []
    for step in 0..<steps {
      let (index, output) = try video.next()
      if step >= steps - window.core.count { filled.append(try frames.filled(index, with: Self.picture(output))) }
      progress(Double(step + 1) / Double(steps))
    }
    return filled
  }

  /// [1, 3, side, side] in about -1…1, blue first.
  private static func picture(_ output: NeuralTensor) -> RGBImage {
    let (height, width) = (output.shape[2], output.shape[3])
    let area = height * width
    return output.withFloats { floats in
      let pixels = (0..<area).map { index in
        let color = SIMD4(floats[2 * area + index], floats[area + index], floats[index], -1)
        return RGBImage.fixed(((color + 1) * 127.5).clamped(lowerBound: .zero, upperBound: .init(repeating: 255)))
      }
      return RGBImage(width: width, height: height, pixels: pixels)
    }
  }

  // MARK: Plan

  public func plan(width: Int, height: Int, memory: Int) throws -> WindowPlan {
    // A larger picture than this fits no budget; the bound keeps the arithmetic from overflowing.
    let frame = min(max(1, width), 1 << 16) * min(max(1, height), 1 << 16) * 20
    let fixed = Self.fixedBytes(network.settings)
    let fitting = (memory - fixed) / frame
    let context = 3 * reach
    guard fitting >= context + 4 else {
      throw InpaintingError(
        .memory,
        "a region of \(width)x\(height) needs \((fixed + (context + 4) * frame) >> 20) MB, the budget leaves "
          + "\(max(0, memory) >> 20) MB")
    }
    let core = min(60, fitting - context)
    return WindowPlan(
      core: core, before: 2 * reach, after: reach, margin: 64, peakBytes: fixed + (core + context) * frame)
  }

  /// Bytes that a region of 432x240 takes, in the shortest window.
  public static func leastMemory(_ settings: VINetSettings) -> Int {
    fixedBytes(settings) + (6 * settings.stride + 4) * 432 * 240 * 20
  }

  private static func fixedBytes(_ settings: VINetSettings) -> Int {
    weightBytes + settings.crop * settings.crop * (callBytes + featureBytes * (4 * settings.stride + 2))
  }

  private static let weightBytes = 2 * 57 << 20
  /// Bytes a pixel of the square while a frame is filled, and of the features of each frame that is kept.
  private static let callBytes = 1500
  private static let featureBytes = 60
}
