import Foundation
import Imaging
import Motion

/// One frame of a synthetic scene and the truth about it.
public struct SceneFrame: Sendable {
  /// With the objects and their shadows.
  public let image: RGBImage
  /// The same moment without objects and shadows.
  public let cleanPlate: RGBImage
  /// Labels 1… where at least half of the pixel is an object that is seen; hidden parts do not count.
  public let objects: Mask
  /// 255 where a shadow takes at least 4 % of the light and no object or tree covers it; 0 elsewhere.
  public let shadow: Plane<UInt8>
  /// Where each pixel of the clean plate lies in the next frame.
  public let backgroundFlow: FlowField

  /// 255 where image and clean plate differ at all: objects with their soft edges, and shadows.
  public var changed: Plane<UInt8> {
    let samples = zip(image.pixels, cleanPlate.pixels).map { $0 == $1 ? UInt8(0) : 255 }
    return Plane(width: image.width, height: image.height, samples: samples)
  }
}

/// A street, filmed by hand, through which somebody walks behind a tree: a clip of any size and length whose clean
/// plate, masks and background motion are known exactly.
///
/// A frame depends only on the parameters and its number; nothing is kept from one to the next.
public struct SyntheticScene: Sendable {
  public struct Options: Sendable {
    /// The camera stands still on a tripod.
    public var hasStaticCamera = false
    /// The objects never move: what is behind them is never seen.
    public var hasStaticObject = false
    /// A second walker comes the other way, with label 2.
    public var hasTwoObjects = false
    public var hasShadow = true
    /// The tree that hides the walkers for a moment.
    public var hasTree = true
    /// The exposure drifts by this share up and down.
    public var exposureDrift: Float = 0
    /// Sensor noise in levels of 255, standard deviation; the clean plate has the same.
    public var noise: Float = 0
    /// The clip is cut into this many shots of about equal length, each in a street of its own.
    public var shots = 1

    public init() {}
  }

  public let width: Int
  public let height: Int
  public let frameCount: Int
  public let options: Options
  private let shots: [Shot]
  private let seed: UInt64

  /// - Precondition: sizes and counts of at least 1.
  public init(width: Int, height: Int, frameCount: Int, seed: UInt64 = 1, options: Options = Options()) {
    precondition(width > 0 && height > 0 && frameCount > 0 && options.shots > 0, "an empty scene")
    self.width = width
    self.height = height
    self.frameCount = frameCount
    self.options = options
    self.seed = seed
    shots = (0..<options.shots).map { Shot(width: width, height: height, seed: seed &+ UInt64($0) &* 7919, options) }
  }

  /// The first frames of the shots, ascending, beginning with 0.
  public var shotStarts: [Int] { (0..<shots.count).map { ($0 * frameCount + shots.count - 1) / shots.count } }

  /// - Precondition: `0..<frameCount` holds `index`.
  public func frame(_ index: Int) -> SceneFrame {
    precondition((0..<frameCount).contains(index), "no such frame")
    let shotIndex = index * shots.count / frameCount
    let start = shotStarts[shotIndex]
    let end = shotIndex + 1 < shots.count ? shotStarts[shotIndex + 1] : frameCount
    let gain = 1 + options.exposureDrift * Float(sin(0.11 * Double(index)))
    return shots[shotIndex].render(
      frame: index - start, of: max(1, end - start - 1), gain: gain, noise: options.noise,
      noiseSeed: seed &+ UInt64(index) &* 104_729)
  }
}

extension SyntheticScene.Options {
  /// Options changed from the defaults by `change`.
  public static func with(_ change: (inout Self) -> Void) -> Self {
    var options = Self()
    change(&options)
    return options
  }
}
