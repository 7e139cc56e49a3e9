/// A map of object numbers, 0 the background, that need not fit a mask's labels.
public struct LabelMap: Sendable, Equatable {
  public let width: Int
  public let height: Int
  /// Row by row.
  public let labels: [UInt16]

  public init(width: Int, height: Int, labels: [UInt16]) {
    precondition(labels.count == width * height, "labels that do not fill the map")
    self.width = width
    self.height = height
    self.labels = labels
  }

  /// The nearest label as PyTorch's `interpolate` takes it, in its arithmetic: floor(i * (in / out)) in single precision.
  public func resized(width newWidth: Int, height newHeight: Int) -> LabelMap {
    if newWidth == width && newHeight == height { return self }
    func sources(_ count: Int, of size: Int) -> [Int] {
      let scale = Float(size) / Float(count)
      return (0..<count).map { min(size - 1, Int((Float($0) * scale).rounded(.down))) }
    }
    let columns = sources(newWidth, of: width)
    let rows = sources(newHeight, of: height)
    return LabelMap(
      width: newWidth, height: newHeight, labels: rows.flatMap { row in columns.map { labels[row * width + $0] } })
  }
}
