import Imaging

/// Whole operations on one thread, as the modules above call them.
func operations() -> [(name: String, run: () -> Void)] {
  let image = picture(width: 1920, height: 1080)
  let small = picture(width: 854, height: 480)
  let frames = [
    ("yuv420 8 bit", PixelFormat(.yuv420)), ("yuv420 10 bit", PixelFormat(.yuv420, bitDepth: 10)),
    ("yuv444 8 bit", PixelFormat(.yuv444)), ("rgb 8 bit", PixelFormat(.rgb)),
  ].compactMap { name, format in (try? Frame(image, format: format, color: .bt709)).map { (name, $0) } }
  let disc = discPlane(width: 854, height: 480)
  let discs = Mask(labels: disc.map { $0 > 0 ? 1 : 0 })
  let hole = Region(x: 700, y: 300, width: 400, height: 400)
  let patch = image.cropped(to: hole)
  let alpha = Plane<UInt8>(width: 400, height: 400, repeating: 255)
  var list: [(name: String, run: () -> Void)] = []
  for (name, frame) in frames {
    list.append(("1080p \(name) to RGBImage", { _ = RGBImage(frame) }))
    list.append(("RGBImage to 1080p \(name)", { _ = try? Frame(image, format: frame.format, color: frame.color) }))
    list.append(("composite 400x400 into 1080p \(name)", { _ = frame.composited(patch, at: hole, alpha: alpha) }))
  }
  list += [
    ("luma of 1080p", { _ = image.luma }),
    ("1080p halved", { _ = image.halved() }),
    ("1080p resized to 854x480", { _ = image.resized(width: 854, height: 480) }),
    ("854x480 resized to 1080p", { _ = small.resized(width: 1920, height: 1080) }),
    ("854x480 blurred, sigma 2", { _ = small.blurred(sigma: 2) }),
    ("854x480 plane blurred, sigma 2", { _ = disc.blurred(sigma: 2) }),
    ("854x480 plane box blurred, radius 8", { _ = disc.boxBlurred(radius: 8) }),
    ("854x480 squared distances", { _ = disc.squaredDistances() }),
    ("854x480 dilated, radius 8", { _ = disc.dilated(radius: 8) }),
    ("854x480 eroded, radius 8", { _ = disc.eroded(radius: 8) }),
    ("854x480 feathered, radius 8", { _ = disc.feathered(radius: 8) }),
    ("854x480 mask dilated, radius 8", { _ = discs.dilated(radius: 8) }),
    ("854x480 components", { _ = disc.components() }),
    ("854x480 tinted", { _ = small.tinted(by: discs) }),
  ]
  return list
}

private func picture(width: Int, height: Int) -> RGBImage {
  let bytes = (0..<width * height * 3).map { UInt8(truncatingIfNeeded: ($0 / 3 % width + $0 / (3 * width)) / 8) }
  return RGBImage(width: width, height: height, rgb: bytes)
}

/// A disc over a fifth of the width.
private func discPlane(width: Int, height: Int) -> Plane<UInt8> {
  var plane = Plane<UInt8>(width: width, height: height, repeating: 0)
  for y in 0..<height {
    for x in 0..<width {
      let (dx, dy) = (x - width / 2, y - height / 2)
      if 100 * (dx * dx + dy * dy) < width * width { plane[x, y] = 255 }
    }
  }
  return plane
}
