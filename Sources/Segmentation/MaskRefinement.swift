import Imaging

extension BuiltinPreparedFrame {
  /// Half the width of the band in which contours are cut at pixels.
  private static let bandReach = 5

  /// The superpixels' labels as a mask of the frame's size, its contour cut at pixels.
  func refinedMask(_ labels: [Bool], prompts: Prompts) -> Plane<UInt8> {
    let coarse = Plane(
      width: scene.scale.width, height: scene.scale.height,
      samples: scene.superpixels.labels.map { labels[Int($0)] ? UInt8(255) : 0 })
    let working = ContourCut(reach: BuiltinPreparedFrame.bandReach).refine(
      coarse, in: scene.lab, fixed: fixedPixels(prompts, in: scene.lab.width) { scene.scale.reduced(x: $0.x, y: $0.y) })
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
    let fixed = fixedPixels(prompts, in: crop.width) { ($0.x - crop.x, $0.y - crop.y) }
      .filter { $0.pixel >= 0 && $0.pixel < crop.area }
    let refined = ContourCut(reach: max(3, 2 * ratio)).refine(mask.cropped(to: crop), in: lab, fixed: fixed)
    for y in 0..<crop.height {
      for x in 0..<crop.width { mask[crop.x + x, crop.y + y] = refined[x, y] }
    }
    return mask
  }

  private func fixedPixels(
    _ prompts: Prompts, in width: Int, _ place: (Prompts.Point) -> (x: Int, y: Int)
  ) -> [(pixel: Int, isInside: Bool)] {
    let sides = [(prompts.insidePoints, true), (prompts.outsidePoints, false)]
    return sides.flatMap { points, isInside in
      points.map { point in
        let (x, y) = place(point)
        return (x < 0 || x >= width ? -1 : y * width + x, isInside)
      }
    }.filter { $0.pixel >= 0 }
  }
}
