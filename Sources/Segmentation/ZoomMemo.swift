import Imaging
import Synchronization

/// The part of a frame that was prepared for a box last, so that a click after a box is answered at once.
final class ZoomMemo: Sendable {
  private static let limit = 1

  private let frames = Mutex<[(region: Region, frame: BuiltinPreparedFrame)]>([])

  func frame(_ zoom: BoxZoom, of scene: Scene) -> BuiltinPreparedFrame {
    if let known = frames.withLock({ $0.first { $0.region == zoom.region } }) { return known.frame }
    let frame = BuiltinPreparedFrame(Scene(zoom.picture(of: scene.image), threads: scene.threads))
    frames.withLock { frames in
      if frames.count == ZoomMemo.limit { frames.removeFirst() }
      frames.append((zoom.region, frame))
    }
    return frame
  }
}
