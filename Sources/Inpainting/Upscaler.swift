import Imaging

/// Enlarges what was filled at a smaller scale.
public protocol Upscaler: Sendable {
  /// - Parameter needed: what of the result will be looked at, not 0, of the result's size; elsewhere less effort will do.
  /// - Returns: the picture at the size of `needed`.
  func enlarged(_ image: RGBImage, needed: Plane<UInt8>) throws -> RGBImage
}

/// Without a network.
public struct BicubicUpscaler: Upscaler {
  private let threads: Int

  public init(threads: Int = 1) { self.threads = threads }

  public func enlarged(_ image: RGBImage, needed: Plane<UInt8>) -> RGBImage {
    image.resized(width: needed.width, height: needed.height, interpolation: .bicubic, threads: threads)
  }
}
