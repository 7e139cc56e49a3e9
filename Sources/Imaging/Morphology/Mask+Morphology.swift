extension Mask {
  /// Every object grown by the disc of `radius` (see `Plane.dilated(radius:)`). Where several reach a pixel the nearest
  /// wins, at equal distance the smaller label; pixels of an object keep their label.
  public func dilated(radius: Int) -> Mask {
    let reach = max(0, min(radius, width + height))
    guard reach > 0 else { return self }
    let limit = Int32(clamping: reach * reach)
    var grown = self
    var nearest = Plane<Int32>(width: width, height: height, repeating: .max)
    for (object, box) in objectBoxes() {
      let area = box.grown(by: reach).intersection(labels.bounds)
      let own = labels.cropped(to: area).map { $0 == object ? UInt8(255) : 0 }
      let distances = own.squaredDistances()
      for y in 0..<area.height {
        let start = (area.y + y) * width + area.x
        for x in 0..<area.width {
          let distance = distances.samples[y * area.width + x]
          guard distance <= limit, distance < nearest.samples[start + x] else { continue }
          nearest.samples[start + x] = distance
          grown.labels.samples[start + x] = object
        }
      }
    }
    return grown
  }

  /// Each object that occurs with the smallest region that holds it, by ascending label.
  public func objectBoxes() -> [(object: UInt8, box: Region)] {
    var boxes = [Region?](repeating: nil, count: 256)
    for y in 0..<height {
      for x in 0..<width {
        let label = Int(labels.samples[y * width + x])
        guard label > 0 else { continue }
        guard var box = boxes[label] else {
          boxes[label] = Region(x: x, y: y, width: 1, height: 1)
          continue
        }
        if x < box.x { (box.width, box.x) = (box.maxX - x, x) }
        box.width = max(box.width, x - box.x + 1)
        box.height = y - box.y + 1
        boxes[label] = box
      }
    }
    return (1...255).compactMap { label in boxes[label].map { (UInt8(label), $0) } }
  }
}
