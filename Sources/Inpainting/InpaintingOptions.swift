/// What the built-in engine may do. The defaults are right for films; the switches are there for measurements.
public struct InpaintingOptions: Sendable, Equatable, Codable {
  /// Trace the hole along the camera's motion too, as a second hypothesis beside the smooth one.
  public var usesCameraHypothesis = true
  /// Trace along the motion that the hidden background had when it was last seen, as a third hypothesis.
  public var usesPersistentHypothesis = true
  /// Borrow from far frames through the camera's motion alone.
  public var usesFarFrames = true
  /// Tell holes that move with their surroundings, behind which no frame can see, from those that chains come out of.
  public var tellsRidingHoles = true
  /// Before a camera that rests, tell what passes over the ground, which takes chains along, from the ground.
  public var tellsPassingMotion = true
  /// Tell what stands at the border of a hole from what lies behind it, by its own motion.
  public var tellsOccluders = true
  /// Compensate drifting exposure and white balance between frames.
  public var compensatesExposure = true
  /// Choose sources coherently over space and time rather than pixel by pixel.
  public var choosesCoherently = true
  /// Trust a way of finding sources the more, the better it shows what is seen at the hole's border nearby.
  public var asksRing = true
  /// Blend in the gradient domain.
  public var blendsGradients = true
  /// Make up what was never seen from similar patches; without it such areas get a smooth fill.
  public var completesPatches = true
  /// Lay the grain of the surroundings over fills that are smoother.
  public var matchesGrain = true
  /// Take a mark that stands still and lets the picture through off by its own transparency, where frames tell it.
  public var invertsTranslucentMarks = false
  /// Pixels around a hole whose measured motion is not believed.
  public var flowMargin = 8
  /// Frames that a chain may pass, each way.
  public var reach = 80

  public init() {}
}
