import Foundation

/// SiamMask's tracking values, under the reference's names; the defaults are those it publishes for DAVIS.
public struct SiamMaskSettings: Sendable, Equatable {
  /// How much a change of size and aspect costs.
  public var penalty = 0.04
  /// How much the middle of the search picture is preferred, 0…1.
  public var windowInfluence = 0.4
  /// How fast the size follows, 0…1.
  public var learningRate = 1.0
  /// Where the mask's odds count as inside, 0…1.
  public var maskThreshold: Float = 0.35
  /// Side of the template and of the search picture, and the pixels between the grid's cells.
  public var exemplarSide = 127
  public var searchSide = 255
  public var stride = 8
  /// Cells of the search grid beyond the template's on both sides together.
  public var baseSize = 8
  /// Context around the target, as a part of its width and height together.
  public var context = 0.5

  public init() {}
}

/// Where the target is, in pixels of the frame.
public struct SiamMaskTarget: Sendable, Equatable {
  public var x: Double
  public var y: Double
  public var width: Double
  public var height: Double

  /// Centre and size.
  public init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// The side of the square that holds the target and its context.
  func contextSide(_ context: Double) -> Double {
    let margin = context * (width + height)
    return ((width + margin) * (height + margin)).squareRoot()
  }
}

/// The five anchors at each cell of the grid, in pixels of the search picture from its middle.
public struct SiamMaskAnchors: Sendable {
  /// (centre x, centre y, width, height), index ((anchor * rows) + row) * columns + column.
  public let boxes: [SIMD4<Float>]
  /// A cosine window over the grid, repeated for each anchor.
  public let window: [Double]
  public let gridSide: Int

  private static let ratios = [0.33, 0.5, 1, 2, 3]
  private static let scale = 8

  public init(gridSide: Int, stride: Int = 8) {
    self.gridSide = gridSide
    let first = -(gridSide / 2) * stride
    var boxes: [SIMD4<Float>] = []
    for ratio in Self.ratios {
      let width = Int((Double(stride * stride) / ratio).squareRoot())
      let height = Int(Double(width) * ratio)
      for row in 0..<gridSide {
        for column in 0..<gridSide {
          boxes.append(
            SIMD4(
              Float(first + column * stride), Float(first + row * stride), Float(width * Self.scale),
              Float(height * Self.scale)))
        }
      }
    }
    self.boxes = boxes
    let cosine = (0..<gridSide).map { index in
      gridSide == 1 ? 1 : 0.5 - 0.5 * cos(2 * .pi * Double(index) / Double(gridSide - 1))
    }
    let plane = cosine.flatMap { row in cosine.map { row * $0 } }
    window = Self.ratios.flatMap { _ in plane }
  }
}
