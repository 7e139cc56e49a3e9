import Imaging
import NeuralRuntime

extension SiamMaskDecoding {
  /// The value outside the mask picture.
  static let outside: Float = -1

  /// A mask picture of a cell, odds 0…1, laid back onto the frame; -1 where the picture does not reach.
  ///
  /// Source positions are rounded to 1/32 pixel, as the reference's affine warp does.
  public func place(
    _ mask: NeuralTensor, row: Int, column: Int, square: SearchSquare, frame: (width: Int, height: Int)
  ) -> Plane<Float> {
    let side = mask.shape[mask.shape.count - 1]
    let scale = square.side / Double(settings.searchSide)
    let step = Double(settings.stride) * scale
    let half = settings.baseSize / 2
    let corner = (x: square.x + Double(column - half) * step, y: square.y + Double(row - half) * step)
    let ratio = Double(side) / (scale * Double(settings.exemplarSide))
    let columns = positions(count: frame.width, corner: corner.x, ratio: ratio)
    let rows = positions(count: frame.height, corner: corner.y, ratio: ratio)
    var placed = Plane<Float>(width: frame.width, height: frame.height, repeating: Self.outside)
    mask.withFloats { source in
      func value(_ x: Int, _ y: Int) -> Float {
        x >= 0 && y >= 0 && x < side && y < side ? source[y * side + x] : Self.outside
      }
      for (y, row) in rows.enumerated() where row.whole >= -1 && row.whole < side {
        for (x, column) in columns.enumerated() where column.whole >= -1 && column.whole < side {
          let (left, top) = (column.whole, row.whole)
          let upper = value(left, top) * (1 - column.part) + value(left + 1, top) * column.part
          let lower = value(left, top + 1) * (1 - column.part) + value(left + 1, top + 1) * column.part
          placed[x, y] = upper * (1 - row.part) + lower * row.part
        }
      }
    }
    return placed
  }

  private func positions(count: Int, corner: Double, ratio: Double) -> [(whole: Int, part: Float)] {
    let span = Double(count) * ratio / Double(max(1, count - 1))
    func fixed(_ value: Double) -> Int { Int(max(-1e9, min(1e9, value * 1024)).rounded(.toNearestOrEven)) }
    let start = fixed(-corner * ratio) + 16
    return (0..<count).map { index in
      let position = (start + fixed(Double(index) * span)) >> 5
      return (position >> 5, Float(position & 31) / 32)
    }
  }
}

/// The square around a target, resampled to the network's input.
public struct ContextCrop: Sendable {
  public let mean: SIMD4<Float>

  /// The mean colour of the first frame, in levels.
  public static func meanColor(_ image: RGBImage) -> SIMD4<Double> {
    var sum = SIMD4<Double>.zero
    for pixel in image.pixels { sum += SIMD4<Double>(pixel) }
    return sum / (256 * Double(image.pixels.count))
  }

  /// - Parameter first: the clip's first frame, whose mean colour stands for what lies outside a frame.
  public init(first: RGBImage) {
    // Stored in 8 bits by the reference, fractions cut off.
    mean = SIMD4<Float>(Self.meanColor(first).rounded(.down))
  }

  /// Levels 0…255 as [1, 3, side, side], whole numbers as in the reference's 8-bit pictures.
  /// - Parameter originalSide: the square's side in the frame, at least 1.
  /// - Parameter channels: which component goes where; networks trained by OpenCV want blue first.
  public func picture(
    _ image: RGBImage, x: Double, y: Double, originalSide: Int, side: Int, channels: [Int] = [2, 1, 0]
  ) -> NeuralTensor {
    let half = Double(originalSide + 1) / 2
    let left = Int((x - half).rounded(.toNearestOrEven))
    let top = Int((y - half).rounded(.toNearestOrEven))
    let axis = Self.positions(from: originalSide, to: side)
    func level(_ column: Int, _ row: Int) -> SIMD4<Float> {
      let (px, py) = (left + column, top + row)
      return px >= 0 && py >= 0 && px < image.width && py < image.height ? image.level(px, py) : mean
    }
    return NeuralTensor([1, 3, side, side]) { out in
      for (row, v) in axis.enumerated() {
        for (column, h) in axis.enumerated() {
          let upper = level(h.first, v.first) * (1 - h.part) + level(h.second, v.first) * h.part
          let lower = level(h.first, v.second) * (1 - h.part) + level(h.second, v.second) * h.part
          let value = (upper * (1 - v.part) + lower * v.part).rounded(.toNearestOrAwayFromZero)
          for (plane, channel) in channels.enumerated() { out[(plane * side + row) * side + column] = value[channel] }
        }
      }
    }
  }

  private static func positions(from: Int, to: Int) -> [(first: Int, second: Int, part: Float)] {
    (0..<to).map { index in
      let position = (Double(index) + 0.5) * Double(from) / Double(to) - 0.5
      let clamped = max(0, min(Double(from - 1), position))
      let first = Int(clamped)
      return (first, min(first + 1, from - 1), Float(clamped - Double(first)))
    }
  }
}

extension SiamMaskDecoding {
  /// The corners of the smallest rotated box around the mask's largest part; the target's own box where that part is small.
  public func polygon(_ placed: Plane<Float>, _ target: SiamMaskTarget) -> [OutlinePoint] {
    let inside = placed.map { $0 > settings.maskThreshold ? UInt8(255) : 0 }
    let smallest = 100.0
    if let outline = OutlineBox.largestOutline(inside), outline.area > smallest {
      return OutlineBox.rectangle(around: outline.points)
    }
    let (left, top) = (target.x - target.width / 2, target.y - target.height / 2)
    let (right, bottom) = (left + target.width, top + target.height)
    return [(left, top), (right, top), (right, bottom), (left, bottom)].map { OutlinePoint(x: $0, y: $1) }
  }
}
