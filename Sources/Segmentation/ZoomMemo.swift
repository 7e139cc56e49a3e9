import Imaging
import Synchronization

/// The part of a frame that was prepared for a box last, so that a click after a box is answered at once.
final class ZoomMemo: Sendable {
  private let last = Mutex<(region: Region, frame: BuiltinPreparedFrame)?>(nil)

  func frame(_ zoom: BoxZoom, of scene: Scene) -> BuiltinPreparedFrame {
    if let last = last.withLock({ $0 }), last.region == zoom.region { return last.frame }
    let frame = BuiltinPreparedFrame(Scene(zoom.picture(of: scene.image), threads: scene.threads))
    last.withLock { $0 = (zoom.region, frame) }
    return frame
  }
}
