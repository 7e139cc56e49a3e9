import Imaging
import Motion

/// What is kept of one frame while shadows are sought.
struct ShadowSample {
  /// The frame, small, and smoothed: what counts is the light on a surface, not its texture.
  let image: RGBImage
  let mask: Mask
  /// Distance to the nearest object, in small pixels, at most 255.
  let distance: Plane<UInt8>
  /// The camera's motion from the frame before.
  let fromBefore: Homography
  /// What the next frame's motion is measured against.
  private var pyramid: OpticalFlow.Pyramid?

  private static let longestSide = 320
  private static let smoothing: Float = 1.5
  private static let engine = OpticalFlow(.medium)

  init(_ image: RGBImage, _ mask: Mask, after before: ShadowSample?) {
    let scale = min(1, Double(ShadowSample.longestSide) / Double(max(image.width, image.height)))
    let width = max(1, Int((Double(image.width) * scale).rounded()))
    let height = max(1, Int((Double(image.height) * scale).rounded()))
    let small = image.resized(width: width, height: height)
    self.image = small.blurred(sigma: ShadowSample.smoothing)
    self.mask = mask.resized(width: width, height: height)
    let hole = self.mask.coverage()
    distance = hole.squaredDistances().map { UInt8(min(255, Float($0).squareRoot())) }
    let avoided = hole.spread(by: 4)
    let pyramid = ShadowSample.engine.pyramid(small.luma, ignoring: avoided)
    self.pyramid = pyramid
    guard let before, let earlier = before.pyramid else {
      fromBefore = .identity
      return
    }
    let flow = ShadowSample.engine.flow(from: earlier, to: pyramid)
    let either = avoided.united(with: before.mask.coverage().spread(by: 4))
    fromBefore = CameraMotion.estimate(flow: flow, ignoring: either).homography.normalised
  }

  mutating func forgetMotion() { pyramid = nil }
}
