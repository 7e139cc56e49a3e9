import Foundation
import Imaging
import TestSupport

extension Composites {
  /// The composites that the tracker is checked on: `data` holds the folders `clips` and `eval`.
  static func all(_ data: String) throws -> [Clip] {
    let cars = try sprites(data, "car-shadow")
    let riders = Array(try sprites(data, "bmx-trees").prefix(24))
    let judo = try Clip.folder("judo", at: data + "/clips/judo")
    let pair = [Sprite(judo.frames[0], judo.truth[0]!.labels, label: 1)!]
    let known = judo.truth.indices.filter { judo.truth[$0] != nil }
    let bystander = [
      Sprite(judo.frames[known[1]], judo.truth[known[1]]!.labels, label: judo.truth[known[1]]!.objects[0])!
    ]
    let market = try background(data, "market", 48)
    let tennis = try background(data, "tennis", 48)
    let skate = try background(data, "skate", 48)
    let bmx = try background(data, "bmx", 48)
    return [
      clip(
        "car shrinks over market", background: market,
        actors: [
          Actor(sprites: cars, path: { Placement(x: 0.3 + 0.4 * $0, y: 0.6 - 0.1 * $0, size: 0.42 - 0.28 * $0) })
        ]),
      clip(
        "rider leaves and returns over tennis", background: tennis,
        actors: [
          Actor(sprites: riders, path: { Placement(x: 0.6 + 0.62 * sin($0 * 5.2), y: 0.55, size: 0.2) })
        ]),
      clip(
        "car behind a bar over skate", background: skate,
        actors: [
          Actor(sprites: cars, path: { Placement(x: 0.15 + 0.7 * $0, y: 0.6, size: 0.2) })
        ], bar: 0.42...0.64),
      clip(
        "judo pair grows by 3 over bmx", background: bmx,
        actors: [
          Actor(sprites: pair, path: { Placement(x: 0.5 + 0.1 * sin($0 * 9), y: 0.5, size: 0.09 + 0.18 * $0) })
        ]),
      clip(
        "blurred rider over market", background: market,
        actors: [
          Actor(
            sprites: riders, path: { Placement(x: 0.5 + 0.3 * sin($0 * 14), y: 0.5 + 0.1 * cos($0 * 9), size: 0.22) },
            isBlurred: true)
        ]),
      clip(
        "car and rider cross over skate", background: skate,
        actors: [
          Actor(sprites: cars, path: { Placement(x: 0.2 + 0.6 * $0, y: 0.55, size: 0.26) }),
          Actor(sprites: riders, path: { Placement(x: 0.8 - 0.6 * $0, y: 0.6, size: 0.16) }),
        ]),
      clip(
        "bystander darts over tennis", background: tennis,
        actors: [
          Actor(
            sprites: bystander,
            path: {
              let jump = floor($0 * 16)
              return Placement(x: 0.5 + 0.35 * sin(jump * 2.4), y: 0.5 + 0.2 * sin(jump * 1.7), size: 0.06)
            })
        ]),
      clip(
        "bystander walks over bmx", background: bmx,
        actors: [
          Actor(sprites: bystander, path: { Placement(x: 0.2 + 0.5 * $0, y: 0.5 + 0.05 * sin($0 * 20), size: 0.08) })
        ]),
    ]
  }

  /// Bystanders that walk through `bmx-trees` at 854x480, as many as asked for.
  static func crowd(_ data: String) throws -> (Int) -> Clip {
    let judo = try Clip.folder("judo", at: data + "/clips/judo")
    let shown = judo.truth.indices.dropFirst().filter { judo.truth[$0] != nil }
    let figures = shown.compactMap { t in
      judo.truth[t].flatMap { Sprite(judo.frames[t], $0.labels, label: $0.objects[0]) }
    }
    let frames = try Clip.folder("bmx-trees", at: data + "/clips/bmx-trees").frames
    return { count in
      let actors = (0..<count).map { k -> Actor in
        let start = 0.08 + 0.093 * Double(k)
        let phase = Double(k)
        let y = k % 2 == 0 ? 0.4 : 0.68
        return Actor(sprites: [figures[k % figures.count]]) { t in
          Placement(x: start + 0.04 * sin(7 * t + phase), y: y, size: 0.055)
        }
      }
      return clip("crowd of \(count)", background: Array(frames.prefix(24)), actors: actors)
    }
  }

  private static func sprites(_ data: String, _ name: String) throws -> [Sprite] {
    let clip = try Clip.folder(name, at: data + "/clips/" + name)
    return zip(clip.frames, clip.truth).compactMap { Sprite($0, $1!.labels, label: 1) }
  }

  private static func background(_ data: String, _ name: String, _ count: Int) throws -> [RGBImage] {
    try Clip.files(data + "/eval/\(name)/frames").prefix(count).map { try PortableAnymap.image(at: $0) }
  }
}
