import Foundation
import Imaging
import VideoIO

/// How much of the frames is to be filled, as far as it is known.
public struct HoleExtent: Sendable, Equatable {
  /// The mean area in pixels of the frame.
  public var area: Double
  /// The mean size of the box around it.
  public var width: Double
  public var height: Double
  /// Frames with something to fill.
  public var frames: Int

  /// Nothing is marked yet: one object of a quarter of the frame by a quarter, half of its box, in every frame.
  public init(typicalOf info: MediaInfo, frames: Int? = nil) {
    width = Double(info.displayedWidth) / 4
    height = Double(info.displayedHeight) / 4
    area = width * height / 2
    self.frames = frames ?? info.frameCount
  }

  /// Frames that are looked at.
  private static let samples = 24

  /// Of label maps, one PNG a frame, named by its number; nil where there are none in the range.
  public init?(masks folder: String, range: ClosedRange<Int>) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let numbered = names.filter { $0.hasSuffix(".png") && range.contains(Int($0.dropLast(4)) ?? -1) }.sorted()
    guard !numbered.isEmpty else { return nil }
    let count = min(Self.samples, numbered.count)
    (area, width, height, frames) = (0, 0, 0, 0)
    var seen = 0.0
    for sample in 0..<count {
      guard let mask = try? MaskFile.read(folder + "/" + numbered[sample * numbered.count / count]),
        let box = mask.boundingBox
      else { continue }
      seen += 1
      area += Double(mask.labels.samples.count { $0 != 0 })
      width += Double(box.width)
      height += Double(box.height)
    }
    guard seen > 0 else { return }
    (area, width, height) = (area / seen, width / seen, height / seen)
    frames = Int((Double(numbered.count) * seen / Double(count)).rounded(.up))
  }

  /// Grown by `reach` pixels all around, at a smaller scale of the frame.
  func grown(by reach: Int, scale: Double) -> HoleExtent {
    var out = self
    let reach = Double(reach)
    out.area = (area + reach * (width + height)) * scale * scale
    out.width = (width + 2 * reach) * scale
    out.height = (height + 2 * reach) * scale
    return out
  }
}
