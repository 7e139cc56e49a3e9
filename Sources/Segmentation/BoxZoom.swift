import Imaging

/// A closer look at a box that takes up little of its frame: the part around it, enlarged where it is small, looked at as a
/// frame of its own. What the models were fitted on is about as large in its pictures.
struct BoxZoom {
  /// The part of the frame, in its pixels.
  let region: Region
  /// The size at which it is looked at.
  let width: Int
  let height: Int

  /// What is shown around the box on each side, in its longer side.
  private static let margin = 0.75
  /// Regions begin and end on a grid, so that one that was prepared is found again.
  private static let raster = 32
  /// Of the frame, above which a closer look shows no more.
  private static let mostOfFrame = 0.4
  /// Smaller parts are enlarged to so many pixels, by so much at most.
  private static let (area, mostEnlarged) = (300_000.0, 2.0)

  /// - Returns: nil where nothing is to be gained, or clicks lie farther away.
  init?(_ prompts: Prompts, in frame: Region) {
    guard prompts.mask == nil, let box = prompts.box?.clamped(to: frame) else { return nil }
    let around = box.grown(by: Int(BoxZoom.margin * Double(max(box.width, box.height))))
    let raster = BoxZoom.raster
    let (left, top) = (max(0, around.x) / raster * raster, max(0, around.y) / raster * raster)
    let (right, bottom) = (around.maxX / raster * raster + raster, around.maxY / raster * raster + raster)
    region = Region(x: left, y: top, width: right - left, height: bottom - top).intersection(frame)
    guard Double(region.area) < BoxZoom.mostOfFrame * Double(frame.area) else { return nil }
    let enlarged = min(BoxZoom.mostEnlarged, max(1, (BoxZoom.area / Double(region.area)).squareRoot()))
    width = Int(Double(region.width) * enlarged)
    height = Int(Double(region.height) * enlarged)
    let points = prompts.inside + prompts.outside + (prompts.insideStrokes + prompts.outsideStrokes).flatMap(\.points)
    guard points.allSatisfy({ region.contains(x: $0.x, y: $0.y) }) else { return nil }
  }

  func picture(of frame: RGBImage) -> RGBImage {
    let part = frame.cropped(to: region)
    return width == region.width && height == region.height ? part : part.resized(width: width, height: height)
  }

  /// What was said of the frame, said of the part.
  func moved(_ prompts: Prompts) -> Prompts {
    func moved(_ strokes: [Prompts.Stroke]) -> [Prompts.Stroke] { strokes.map { .init(points: $0.points.map(moved)) } }
    func moved(_ point: Prompts.Point) -> Prompts.Point {
      .init(
        x: ((point.x - region.x) * 2 + 1) * width / (2 * region.width),
        y: ((point.y - region.y) * 2 + 1) * height / (2 * region.height))
    }
    let box = prompts.box.map { box in
      let box = box.clamped(to: region)
      let (left, top) = ((box.x - region.x) * width / region.width, (box.y - region.y) * height / region.height)
      let right = ((box.maxX - region.x) * width + region.width - 1) / region.width
      let bottom = ((box.maxY - region.y) * height + region.height - 1) / region.height
      return Region(x: left, y: top, width: right - left, height: bottom - top)
    }
    return Prompts(
      inside: prompts.inside.map(moved), outside: prompts.outside.map(moved), box: box,
      insideStrokes: moved(prompts.insideStrokes), outsideStrokes: moved(prompts.outsideStrokes))
  }

  /// A mask of the part as one of the frame.
  func placed(_ mask: Plane<UInt8>, in frame: Region) -> Plane<UInt8> {
    var out = Plane<UInt8>(width: frame.width, height: frame.height, repeating: 0)
    let part = mask.resizedNearest(width: region.width, height: region.height)
    for y in 0..<region.height {
      for x in 0..<region.width { out[region.x + x, region.y + y] = part[x, y] }
    }
    return out
  }
}
