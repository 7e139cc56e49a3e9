import Foundation
import Imaging
import VideoIO

/// The clip under work: its frames by number and the range asked for. Confined to one thread.
final class Clip {
  let source: any FrameSource
  /// Frames to work on; shrinks where a truncated file ends early.
  private(set) var range: ClosedRange<Int>
  let threads: Int

  /// - Throws: `VideoIOError` where the file cannot be opened, `RemovalError.badRequest` for a range outside it.
  init(path: String, settings: RemovalSettings) throws {
    source = try MediaSource.open(
      path, limits: settings.limits, cacheBytes: settings.memory / 8, threads: settings.threads,
      frameRate: settings.frameRate)
    threads = settings.threads
    range = try settings.frames(of: source.info)
  }

  var info: MediaInfo { source.info }
  var orientation: Orientation { source.info.orientation }

  func truncate(before frame: Int) { range = range.lowerBound...max(range.lowerBound, frame - 1) }

  func frame(_ index: Int) throws -> Frame { try source.frame(at: index).frame }

  /// The working copy, in the coded orientation.
  func image(_ index: Int, region: Region? = nil) throws -> RGBImage {
    RGBImage(try frame(index), region: region, threads: threads)
  }

  /// A mask of the displayed frame, turned as the frames are coded.
  func coded(_ mask: Mask) -> Mask { orientation.coded(mask) }
  func displayed(_ mask: Mask) -> Mask { orientation.displayed(mask) }

  /// A place between pixels, as it is displayed.
  func displayed(_ place: SIMD2<Float>) -> SIMD2<Float> {
    func corner(_ x: Int, _ y: Int) -> SIMD2<Float> {
      let point = orientation.displayed(x: x, y: y, codedWidth: info.width, codedHeight: info.height)
      return SIMD2(Float(point.x), Float(point.y))
    }
    let origin = corner(0, 0)
    return origin + (corner(1, 0) - origin) * place.x + (corner(0, 1) - origin) * place.y
  }
}

extension RemovalSettings {
  /// The frames to work on: all of the clip where no range is given.
  /// - Throws: `RemovalError.badRequest` for a range outside the clip.
  public func frames(of info: MediaInfo) throws(RemovalError) -> ClosedRange<Int> {
    let frames = range ?? 0...max(0, info.frameCount - 1)
    guard frames.lowerBound >= 0, frames.upperBound < info.frameCount else {
      throw RemovalError(
        .badRequest,
        "--range \(frames.lowerBound):\(frames.upperBound) lies outside \(info.path), which has frames 0 to "
          + "\(info.frameCount - 1)")
    }
    return frames
  }
}

/// What tells one input from another: enough that work done on the one is never taken for work on the other.
struct InputIdentity: Codable, Equatable {
  var contentHash: String
  var width: Int
  var height: Int
  var frameCount: Int

  init(_ clip: Clip) throws {
    contentHash = try ContentHash.of(clip.info.path)
    width = clip.info.width
    height = clip.info.height
    frameCount = clip.info.frameCount
  }
}
