/// A rectangle of whole pixels: origin top left, `x..<maxX` by `y..<maxY`.
@frozen
public struct Region: Hashable, Sendable, Codable {
  public var x: Int
  public var y: Int
  public var width: Int
  public var height: Int

  @inlinable
  public init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  // Coordinates may come from a file or a command line: sums and products stop at the ends of Int.
  @inlinable public var maxX: Int { x.saturatingAdding(width) }
  @inlinable public var maxY: Int { y.saturatingAdding(height) }
  @inlinable public var area: Int { width.saturatingMultiplied(by: height) }
  @inlinable public var isEmpty: Bool { width <= 0 || height <= 0 }

  @inlinable
  public func contains(_ other: Region) -> Bool {
    other.x >= x && other.y >= y && other.maxX <= maxX && other.maxY <= maxY
  }

  @inlinable
  public func contains(x px: Int, y py: Int) -> Bool { px >= x && py >= y && px < maxX && py < maxY }

  /// This region grown by `margin` on every side.
  public func grown(by margin: Int) -> Region {
    let both = margin.saturatingMultiplied(by: 2)
    return Region(
      x: x.saturatingSubtracting(margin), y: y.saturatingSubtracting(margin), width: width.saturatingAdding(both),
      height: height.saturatingAdding(both))
  }

  /// The overlap, or an empty region where there is none.
  public func intersection(_ other: Region) -> Region {
    let left = max(x, other.x)
    let top = max(y, other.y)
    return Region(
      x: left, y: top, width: max(0, min(maxX, other.maxX).saturatingSubtracting(left)),
      height: max(0, min(maxY, other.maxY).saturatingSubtracting(top)))
  }

  /// The smallest region that holds both; an empty region adds nothing.
  public func union(_ other: Region) -> Region {
    if isEmpty { return other }
    if other.isEmpty { return self }
    let left = min(x, other.x)
    let top = min(y, other.y)
    return Region(
      x: left, y: top, width: max(maxX, other.maxX).saturatingSubtracting(left),
      height: max(maxY, other.maxY).saturatingSubtracting(top))
  }
}

extension Int {
  @inlinable
  func saturatingAdding(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (other > 0 ? .max : .min) : sum
  }

  @inlinable
  func saturatingSubtracting(_ other: Int) -> Int {
    let (difference, overflow) = subtractingReportingOverflow(other)
    return overflow ? (other > 0 ? .min : .max) : difference
  }

  @inlinable
  func saturatingMultiplied(by other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? ((self < 0) == (other < 0) ? .max : .min) : product
  }
}
