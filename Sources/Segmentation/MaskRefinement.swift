import Imaging

extension BuiltinPreparedFrame {
  /// Half the width of the band in which contours are cut at pixels.
  private static let bandReach = 5

  /// How far a click or stroke speaks for what looks like it, in pixels of the working image.
  private static let clickReach = 4

  /// The superpixels' labels as a mask of the frame's size, its contour cut at pixels.
  func refinedMask(_ labels: [Bool], prompts: Prompts) -> Plane<UInt8> {
    let coarse = Plane(
      width: scene.scale.width, height: scene.scale.height,
      samples: scene.superpixels.labels.map { labels[Int($0)] ? UInt8(255) : 0 })
    let clicked = ClickedPixels(points(prompts) { scene.scale.reduced(x: $0.x, y: $0.y) }, on: scene.lab)
    let working = ContourCut(reach: BuiltinPreparedFrame.bandReach).refine(
      clicked.shared(coarse, scene.superpixels), in: scene.lab,
      fixed: clicked.settled(reach: BuiltinPreparedFrame.clickReach))
    if scene.scale.isIdentity { return working }
    return refinedAtFullSize(working, prompts: prompts)
  }

  private func refinedAtFullSize(_ working: Plane<UInt8>, prompts: Prompts) -> Plane<UInt8> {
    let scale = scene.scale
    var mask = Plane<UInt8>(width: image.width, height: image.height, repeating: 0)
    let columns = (0..<image.width).map { scale.reduced(x: $0, y: 0).x }
    for y in 0..<image.height {
      let row = scale.reduced(x: 0, y: y).y * scale.width
      for x in 0..<image.width where working.samples[row + columns[x]] != 0 { mask[x, y] = 255 }
    }
    guard let box = mask.boundingBox else { return mask }
    let ratio = (image.width + scale.width - 1) / scale.width
    let crop = box.grown(by: 12 * ratio).intersection(image.bounds)
    let lab = LabImage(image, region: crop)
    let clicked = ClickedPixels(points(prompts) { ($0.x - crop.x, $0.y - crop.y) }, on: lab)
    let refined = ContourCut(reach: max(3, 2 * ratio)).refine(
      mask.cropped(to: crop), in: lab, fixed: clicked.settled(reach: BuiltinPreparedFrame.clickReach * ratio))
    for y in 0..<crop.height {
      for x in 0..<crop.width { mask[crop.x + x, crop.y + y] = refined[x, y] }
    }
    return mask
  }

  private func points(_ prompts: Prompts, _ place: (Prompts.Point) -> (x: Int, y: Int)) -> [ClickedPixels.Point] {
    [(prompts.insidePoints, true), (prompts.outsidePoints, false)].flatMap { points, isInside in
      points.map { point in
        let (x, y) = place(point)
        return ClickedPixels.Point(x: x, y: y, isInside: isInside)
      }
    }
  }
}
