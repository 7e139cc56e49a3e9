import Imaging

extension [ObjectPrompt] {
  /// The files of masks among the prompts, in their order.
  var maskFiles: [String] {
    compactMap { prompt in
      if case .mask(let path) = prompt.shape { path } else { nil }
    }
  }
}

/// What a person marks on a frame: a click, a box or a mask, for one object.
public struct ObjectPrompt: Sendable, Equatable {
  public enum Shape: Sendable, Equatable {
    /// A pixel of the object.
    case point(x: Int, y: Int)
    /// A pixel that does not belong to it.
    case avoid(x: Int, y: Int)
    case box(Region)
    /// A line drawn over the object, or beside it.
    case scribble([Point], isInside: Bool)
    /// A label map or a 0/255 mask in a file; its labels are the objects.
    case mask(path: String)
  }

  /// A pixel of the displayed frame.
  public struct Point: Sendable, Equatable {
    public var x: Int
    public var y: Int

    public init(x: Int, y: Int) {
      self.x = x
      self.y = y
    }
  }

  public var shape: Shape
  /// Counted from 0.
  public var frame: Int
  /// 1…255; a mask file brings its own labels.
  public var object: Int

  /// Coordinates are pixels of the displayed (rotated) frame, origin top left.
  public init(_ shape: Shape, frame: Int = 0, object: Int = 1) {
    self.shape = shape
    self.frame = frame
    self.object = object
  }

  public static func point(_ x: Int, _ y: Int, frame: Int = 0, object: Int = 1) -> ObjectPrompt {
    ObjectPrompt(.point(x: x, y: y), frame: frame, object: object)
  }

  public static func avoid(_ x: Int, _ y: Int, frame: Int = 0, object: Int = 1) -> ObjectPrompt {
    ObjectPrompt(.avoid(x: x, y: y), frame: frame, object: object)
  }

  public static func box(_ x: Int, _ y: Int, _ width: Int, _ height: Int, frame: Int = 0, object: Int = 1)
    -> ObjectPrompt
  {
    ObjectPrompt(.box(Region(x: x, y: y, width: width, height: height)), frame: frame, object: object)
  }

  public static func mask(_ path: String, frame: Int = 0) -> ObjectPrompt {
    ObjectPrompt(.mask(path: path), frame: frame)
  }
}
