/// A label for each pixel: 0 is background, 1…255 are objects.
public struct Mask: Sendable, Equatable {
  public var labels: Plane<UInt8>

  public init(labels: Plane<UInt8>) { self.labels = labels }

  public init(width: Int, height: Int) {
    labels = Plane(width: width, height: height, repeating: 0)
  }

  public var width: Int { labels.width }
  public var height: Int { labels.height }

  public var isEmpty: Bool { !labels.samples.contains { $0 != 0 } }

  /// The labels above 0 that occur, in ascending order.
  public var objects: [UInt8] {
    var seen = [Bool](repeating: false, count: 256)
    for label in labels.samples { seen[Int(label)] = true }
    return (1...255).compactMap { seen[$0] ? UInt8($0) : nil }
  }

  /// 255 where the label is `object`, or any above 0 where `object` is nil; 0 elsewhere.
  public func coverage(of object: UInt8? = nil) -> Plane<UInt8> {
    labels.map { label in
      if let object { label == object ? 255 : 0 } else { label != 0 ? 255 : 0 }
    }
  }

  public var area: Int { labels.samples.reduce(0) { $0 + ($1 != 0 ? 1 : 0) } }

  /// The smallest region that holds every label above 0, or nil where there is none.
  public var boundingBox: Region? { labels.boundingBox }
}

extension Plane where Sample == UInt8 {
  /// The smallest region that holds every sample above 0, or nil where there is none.
  public var boundingBox: Region? {
    samples.withUnsafeBufferPointer { buffer in
      let rows = (0..<height).lazy.map { UnsafeBufferPointer(rebasing: buffer[$0 * width..<($0 + 1) * width]) }
      // Folding a whole row is vectorised; only rows that hold something are searched.
      guard let top = rows.firstIndex(where: { $0.reduce(0, |) != 0 }) else { return nil }
      let bottom = rows.lastIndex { $0.reduce(0, |) != 0 } ?? top
      var left = width - 1
      var right = 0
      for row in rows[top...bottom] {
        left = row[..<left].firstIndex { $0 != 0 } ?? left
        right = row[right...].lastIndex { $0 != 0 } ?? right
      }
      return Region(x: left, y: top, width: right - left + 1, height: bottom - top + 1)
    }
  }
}
