import Foundation
import Inpainting
import ModelLibrary
import Segmentation
import Tracking
import VideoIO

/// What the engines hold at their peak, beside frames and program.
extension Engines {
  static func segmenterBytes(_ settings: RemovalSettings) -> Int {
    let name = settings.segmenter
    if isFile(name) { return ImageMaskSegmenter.memory(fileSize: fileSize(name)) }
    guard isNetwork(name) else { return 0 }
    // Which size it is only the file tells; where there is none the job will say so.
    guard let found = try? ModelRegistry().weights(engine: name, files: settings.weights) else { return 0 }
    return SamSegmenter.memory(found.weights)
  }

  static func upscalerBytes(_ settings: RemovalSettings) -> Int {
    settings.upscaler.map { NetworkUpscaler.memory(fileSize: fileSize($0)) } ?? 0
  }

  private static func fileSize(_ path: String) -> Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return (attributes?[.size] as? NSNumber)?.intValue ?? 0
  }

  static func trackerBytes(_ info: MediaInfo, _ settings: RemovalSettings) -> Int {
    switch settings.tracker {
    case "xmem": XMemTracker.memory(width: info.width, height: info.height, options: options(settings))
    case "deaot", "aot": DeAOTTracker.memory(width: info.width, height: info.height, options: options(settings))
    case "siammask", "siammask-refined": SiamMaskTracker.memory
    default: 160 << 20
    }
  }

  static func leastFillBytes(_ settings: RemovalSettings) -> Int {
    switch settings.inpainter {
    case "e2fgvi": E2FGVIInpainter.leastMemory(.fixed)
    case "e2fgvi-hq": E2FGVIInpainter.leastMemory(.anySize)
    case "vinet": VINetInpainter.leastMemory(VINetSettings())
    case "vinet-256": VINetInpainter.leastMemory(.crop256)
    default: 64 << 20
    }
  }
}
