import Imaging
import VideoIO

/// What a job will hold at its peak, before it starts. `cleanplate info` prints it; the job plans by it.
public struct MemoryForecast: Sendable, Codable, Equatable {
  /// Bytes of one frame as decoded, and of its working copy.
  public let frameBytes: Int
  public let imageBytes: Int
  /// Program, libraries and decoder, at every stage.
  public let baseBytes: Int
  /// Decoded frames kept for going back.
  public let cacheBytes: Int
  public let selectBytes: Int
  public let trackBytes: Int
  /// With the shortest window of the smallest region.
  public let leastFillBytes: Int
  public let encodeBytes: Int
  /// What is left of the budget for a window of the fill.
  public let fillBudget: Int
  public let budget: Int

  public init(info: MediaInfo, settings: RemovalSettings) {
    let samples = (0..<info.format.planeCount).reduce(0) { sum, index in
      let size = info.format.planeSize(index, width: info.width, height: info.height)
      return sum + size.width * size.height
    }
    frameBytes = samples * (info.format.bitDepth > 8 ? 2 : 1)
    imageBytes = info.width * info.height * MemoryLayout<SIMD4<UInt16>>.stride
    budget = settings.memory
    // A decoder holds its reference frames and those in flight; counted for eight threads whatever their number, since
    // the windows are cut by what is left, and the result must not depend on threads.
    baseBytes = 70 << 20 + min(34, info.frameCount + 2) * frameBytes
    cacheBytes = settings.memory / 8
    let segmenter = Engines.segmenterBytes(settings)
    selectBytes = baseBytes + cacheBytes + 4 * imageBytes + segmenter
    trackBytes =
      baseBytes + cacheBytes + 4 * imageBytes + Engines.trackerBytes(info, settings)
      + (Engines.tracksWithSegmenter(settings) ? segmenter : 0)
    let upscaler = Engines.upscalerBytes(settings)
    leastFillBytes = baseBytes + cacheBytes + 3 * imageBytes + upscaler + Engines.leastFillBytes(settings)
    // x264's look-ahead of 40 frames at most, its references and frames in flight, each with its half-size copy.
    encodeBytes = baseBytes + cacheBytes + min(80, info.frameCount + 2) * frameBytes
    fillBudget = settings.memory - baseBytes - cacheBytes - 3 * imageBytes - upscaler
  }

  /// The smallest budget that would do.
  public var neededBytes: Int {
    (max(selectBytes, trackBytes, encodeBytes, leastFillBytes) - cacheBytes) * 8 / 7
  }

  public var fits: Bool { neededBytes <= budget }

  /// - Throws: `RemovalError.memory` that says what budget would do.
  func validate() throws(RemovalError) {
    guard fits else {
      throw RemovalError(
        .memory,
        "--memory \(Self.text(budget)) is too little for frames of this size; \(Self.text(neededBytes)) would do")
    }
  }

  /// Bytes as people write them: 512M, 2.5G.
  public static func text(_ bytes: Int) -> String {
    let mebibytes = Double(bytes) / 1_048_576
    if mebibytes < 1000 { return "\(Int(mebibytes.rounded(.up)))M" }
    let tenths = Int((mebibytes / 102.4).rounded(.up))
    return tenths % 10 == 0 ? "\(tenths / 10)G" : "\(tenths / 10).\(tenths % 10)G"
  }
}
