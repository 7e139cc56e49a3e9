import Imaging
import NeuralRuntime

/// Fills holes with E2FGVI: at 432x240 with the first release, at the region's own size with E2FGVI-HQ.
///
/// A network's window holds eleven frames and every tenth of all others. A value without state: safe from several threads.
public struct E2FGVIInpainter: Inpainter {
  private let network: E2FGVINetwork
  private let threads: Int
  private let upscaler: any Upscaler
  private static let order = E2FGVIWindows()

  /// - Parameter upscaler: from the network's size to the region's, where the network has one of its own.
  public init(_ network: E2FGVINetwork, threads: Int = 1, upscaler: (any Upscaler)? = nil) {
    self.network = network
    self.threads = max(1, threads)
    self.upscaler = upscaler ?? BicubicUpscaler(threads: self.threads)
  }

  public func fill(
    _ window: InpaintingWindow, cancellation: Cancellation, progress: (Double) -> Void
  ) throws -> [FilledFrame] {
    try window.validate()
    guard window.hasHole else { return window.untouched }
    let size = window.frames[0].bounds
    let working = workingSize(size.width, size.height)
    let frames = WorkingFrames(
      window: window, width: working.width, height: working.height, threads: threads, upscaler: upscaler)
    var clip = E2FGVIClip(
      network, check: { try cancellation.check() },
      frame: { E2FGVIClip.mirrored(frames.tensor(frames.image($0), hole: frames.hole($0))) })
    let windows = Self.order.windows(count: window.frames.count).filter { $0.neighbours.overlaps(window.core) }
    var blends = [Int: E2FGVIBlend]()
    for (number, part) in windows.enumerated() {
      let pictures = try clip.pictures(part)
      for (index, picture) in zip(part.neighbours, pictures) where window.core.contains(index) {
        blends[index, default: E2FGVIBlend()].add(picture, width: working.width, height: working.height)
      }
      let ahead = windows[min(number + 1, windows.count - 1)...].flatMap(\.frames)
      clip.forget(except: Set(ahead))
      progress(Double(number + 1) / Double(windows.count))
    }
    return try window.core.map { index in
      guard let picture = blends[index]?.picture(width: working.width, height: working.height) else {
        return FilledFrame(image: window.frames[index], provenance: window.holes[index])
      }
      return try frames.filled(index, with: picture)
    }
  }

  private func workingSize(_ width: Int, _ height: Int) -> (width: Int, height: Int) {
    Self.workingSize(network.variant, width, height)
  }

  private static func workingSize(_ variant: E2FGVIVariant, _ width: Int, _ height: Int) -> (width: Int, height: Int) {
    variant == .fixed ? E2FGVINetwork.fixedSize : (width, height)
  }

  // MARK: Plan

  public func plan(width: Int, height: Int, memory: Int) throws -> WindowPlan {
    let context = Self.context
    var core = 60
    while true {
      let count = core + 2 * context
      let bytes = Self.peakBytes(network.variant, width: width, height: height, frames: count)
      if bytes <= memory {
        return WindowPlan(
          core: core, before: context, after: context, margin: margin(width, height), peakBytes: bytes)
      }
      guard count > Self.shortest else {
        throw InpaintingError(
          .memory,
          "a region of \(width)x\(height) needs \(bytes >> 20) MB, the budget leaves \(max(0, memory) >> 20) MB")
      }
      core = max(4, core - 8)
    }
  }

  /// Frames before and after a window's core that its network's windows see, and the frames of the shortest window.
  private static let context = 2 * order.stride
  private static let shortest = 2 * context + 4

  /// Bytes that a region of the size that the network was trained with takes, in the shortest window.
  public static func leastMemory(_ variant: E2FGVIVariant) -> Int {
    let size = E2FGVINetwork.fixedSize
    return peakBytes(variant, width: size.width, height: size.height, frames: shortest)
  }

  /// Surroundings that make small regions as large as the pictures that the network was trained with.
  private func margin(_ width: Int, _ height: Int) -> Int {
    let size = E2FGVINetwork.fixedSize
    return 64 + max(0, min(size.width - width, size.height - height) / 2)
  }

  /// The weights as read and as the runtime packs them; a frame's pictures; and for each frame that the transformer
  /// sees its features and tokens, with the logits of a few windows over all of them.
  private static func peakBytes(_ variant: E2FGVIVariant, width: Int, height: Int, frames: Int) -> Int {
    // A larger picture than this fits no budget; the bound keeps the arithmetic from overflowing.
    let region = (width: min(max(1, width), 1 << 16), height: min(max(1, height), 1 << 16))
    let working = workingSize(variant, region.width, region.height)
    let step = E2FGVINetwork.step
    let pixels =
      (working.width + step.width - 1) / step.width * step.width * ((working.height + step.height - 1) / step.height)
      * step.height
    let seen = 2 * order.stride + 1 + frames / order.referenceStep
    let logits = 4 * 2 * 45 * seen * 210 * seen * 4
    return weightBytes + frames * region.width * region.height * 20 + pixels
      * (frameBytes + seen * tokenBytes)
      + 2 * logits
  }

  private static let weightBytes = 480 << 20
  /// Bytes a pixel while one frame is encoded or decoded.
  private static let frameBytes = 1200
  /// Bytes a pixel of each frame of a network's window.
  private static let tokenBytes = 300
}
