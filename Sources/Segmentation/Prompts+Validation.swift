import Imaging

extension Prompts {
  /// All points of clicks and strokes inside.
  var insidePoints: [Point] { inside + insideStrokes.flatMap(\.rasterized) }
  /// All points of clicks and strokes outside.
  var outsidePoints: [Point] { outside + outsideStrokes.flatMap(\.rasterized) }

  /// - Throws: `SegmentationError` where the prompts say nothing or leave a frame of this size.
  func validate(width: Int, height: Int) throws(SegmentationError) {
    if isEmpty { throw SegmentationError(.emptyPrompt, "no point inside the object, no box and no mask") }
    let frame = Region(x: 0, y: 0, width: width, height: height)
    let points = inside + outside + insideStrokes.flatMap(\.points) + outsideStrokes.flatMap(\.points)
    for point in points where !frame.contains(x: point.x, y: point.y) {
      throw SegmentationError(
        .outsideFrame, "point \(point.x),\(point.y) lies outside the frame of \(width)x\(height)")
    }
    if let box, box.isEmpty || box.clamped(to: frame).isEmpty {
      throw SegmentationError(
        .outsideFrame, "box \(box.x),\(box.y),\(box.width),\(box.height) lies outside the frame of \(width)x\(height)")
    }
    if let mask, mask.width != width || mask.height != height {
      throw SegmentationError(
        .outsideFrame, "a mask of \(mask.width)x\(mask.height) for a frame of \(width)x\(height)")
    }
  }
}

extension Region {
  /// The part within `frame`, empty where there is none; any integers are safe.
  func clamped(to frame: Region) -> Region {
    let right = min(frame.maxX, x.saturatingSum(width))
    let bottom = min(frame.maxY, y.saturatingSum(height))
    let left = max(frame.x, x)
    let top = max(frame.y, y)
    return Region(
      x: min(left, frame.maxX), y: min(top, frame.maxY), width: max(0, right.saturatingSum(-min(left, frame.maxX))),
      height: max(0, bottom.saturatingSum(-min(top, frame.maxY))))
  }
}

extension Prompts.Stroke {
  /// Every pixel that the polyline passes (Bresenham), in order.
  var rasterized: [Prompts.Point] {
    guard var current = points.first else { return [] }
    var pixels = [current]
    for next in points.dropFirst() {
      let steps = max(abs(next.x - current.x), abs(next.y - current.y))
      for step in 0..<max(0, steps) {
        let t = step + 1
        pixels.append(
          Prompts.Point(
            x: current.x + ((next.x - current.x) * t * 2 + steps).flooredQuotient(2 * steps),
            y: current.y + ((next.y - current.y) * t * 2 + steps).flooredQuotient(2 * steps)))
      }
      current = next
    }
    return pixels
  }
}

extension Int {
  fileprivate func saturatingSum(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (other > 0 ? .max : .min) : sum
  }

  fileprivate func flooredQuotient(_ divisor: Int) -> Int {
    let quotient = self / divisor
    return self % divisor < 0 ? quotient - 1 : quotient
  }
}
