import ProjectStore
import VideoIO

/// Looks at what was made before it is called done.
enum OutputCheck {
  static func film(_ path: String, frames: Int, limits: MediaLimits) throws {
    let film = try MediaSource.open(path, limits: limits, cacheBytes: 1 << 20)
    guard film.info.frameCount == frames else {
      throw WorkerFailure(.fault, "the film that was made has \(film.info.frameCount) frames instead of \(frames)")
    }
    _ = try film.frame(at: frames - 1)
  }

  static func masks(_ path: String, range: ClosedRange<Int>, of order: WorkOrder) throws {
    let clip = try MediaSource.open(order.input, limits: order.limits, cacheBytes: 1 << 20)
    let masks = try MaskSource.open(
      path, width: clip.info.displayedWidth, height: clip.info.displayedHeight, frameCount: clip.info.frameCount,
      range: range)
    _ = try masks.mask(at: range.upperBound)
  }

  static func zip(_ path: String) throws {
    guard let bytes = DataFolder.bytes(of: path), bytes > 22 else {
      throw WorkerFailure(.fault, "the zip that was made is empty")
    }
  }
}
