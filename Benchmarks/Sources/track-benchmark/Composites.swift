import Foundation
import Imaging
import TestSupport

/// An object cut from a clip by its true mask.
struct Sprite {
  let image: RGBImage
  let mask: Plane<UInt8>
  let box: Region

  init?(_ image: RGBImage, _ mask: Plane<UInt8>, label: UInt8) {
    let own = mask.map { $0 == label ? UInt8(1) : 0 }
    guard let box = own.boundingBox else { return nil }
    self.image = image
    self.mask = own
    self.box = box
  }
}

/// Where an object is at a moment: its centre and size as shares of the frame's width.
struct Placement {
  var x: Double
  var y: Double
  /// Width of the object's box over that of the frame.
  var size: Double
}

/// Clips made by pasting cut-out objects over other clips, so that the truth is exact.
enum Composites {
  /// Paints `sprite` at `placement` over `frame` and writes `label` where it covers at least half of a pixel; `before` is
  /// where it was when the shutter opened.
  static func paste(
    _ sprite: Sprite, _ label: UInt8, at placement: Placement, before: Placement?, onto frame: inout RGBImage,
    _ mask: inout Mask
  ) {
    let steps = before == nil ? 1 : 9
    let (width, height) = (frame.width, frame.height)
    let scale = placement.size * Double(width) / Double(sprite.box.width)
    let taps = scale < 0.75 ? 2 : 1
    var hull = Region(x: 0, y: 0, width: 0, height: 0)
    var places: [(x: Double, y: Double)] = []
    for step in 0..<steps {
      let t = steps == 1 ? 1 : Double(step) / Double(steps - 1)
      let from = before ?? placement
      let cx = (from.x + (placement.x - from.x) * t) * Double(width)
      let cy = (from.y + (placement.y - from.y) * t) * Double(height)
      let x = cx - scale * Double(sprite.box.width) / 2
      let y = cy - scale * Double(sprite.box.height) / 2
      places.append((x, y))
      hull = hull.union(
        Region(
          x: Int(x) - 1, y: Int(y) - 1, width: Int(scale * Double(sprite.box.width)) + 3,
          height: Int(scale * Double(sprite.box.height)) + 3))
    }
    hull = hull.intersection(frame.bounds)
    for py in hull.y..<max(hull.y, hull.maxY) {
      for px in hull.x..<max(hull.x, hull.maxX) {
        var color = SIMD4<Float>.zero
        var alpha: Float = 0
        for place in places {
          for s in 0..<taps * taps {
            let ox = (Double(s % taps) + 0.5) / Double(taps)
            let oy = (Double(s / taps) + 0.5) / Double(taps)
            let sx = (Double(px) + ox - place.x) / scale + Double(sprite.box.x)
            let sy = (Double(py) + oy - place.y) / scale + Double(sprite.box.y)
            guard sx >= 0, sy >= 0, sx < Double(sprite.image.width), sy < Double(sprite.image.height) else { continue }
            if sprite.mask[Int(sx), Int(sy)] == 1 {
              color += sprite.image.level(Int(sx), Int(sy))
              alpha += 1
            }
          }
        }
        let weight = 1 / Float(places.count * taps * taps)
        if alpha == 0 { continue }
        let share = alpha * weight
        frame[px, py] = RGBImage.fixed(color * weight + frame.level(px, py) * (1 - share))
        if share >= 0.5 { mask.labels[px, py] = label }
      }
    }
  }

  struct Actor {
    let sprites: [Sprite]
    let path: (Double) -> Placement
    var isBlurred = false
  }

  /// - Parameter bar: an upright bar, in shares of the width, in front of all.
  static func clip(_ name: String, background: [RGBImage], actors: [Actor], bar: ClosedRange<Double>? = nil) -> Clip {
    var clip = Clip(name: name, frames: [], truth: [])
    for (t, picture) in background.enumerated() {
      var frame = picture
      var mask = Mask(width: frame.width, height: frame.height)
      let moment = Double(t) / Double(max(1, background.count - 1))
      let shutter = (Double(t) - 0.6) / Double(max(1, background.count - 1))
      for (k, actor) in actors.enumerated() {
        let fold = t % (2 * actor.sprites.count)
        let sprite = actor.sprites[fold < actor.sprites.count ? fold : 2 * actor.sprites.count - 1 - fold]
        paste(
          sprite, UInt8(k + 1), at: actor.path(moment), before: actor.isBlurred ? actor.path(shutter) : nil,
          onto: &frame, &mask)
      }
      if let bar { paint(bar, &frame, &mask) }
      clip.frames.append(frame)
      clip.truth.append(mask)
    }
    return clip
  }

  private static func paint(_ bar: ClosedRange<Double>, _ frame: inout RGBImage, _ mask: inout Mask) {
    let left = Int(bar.lowerBound * Double(frame.width))
    let right = Int(bar.upperBound * Double(frame.width))
    for y in 0..<frame.height {
      for x in left..<right {
        let grain = Float((x &* 73 &+ y &* 151) % 23)
        frame[x, y] = RGBImage.fixed(SIMD4(90 + grain, 70 + grain, 55 + grain, 0))
        mask.labels[x, y] = 0
      }
    }
  }
}
