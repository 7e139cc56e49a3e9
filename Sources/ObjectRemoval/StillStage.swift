import Imaging
import Segmentation
import VideoIO

/// A box around a mark that stands still on the screen, and its lettering where the picture shows between the strokes.
struct StillBox {
  let object: UInt8
  /// The frame on which the box was drawn.
  let frame: Int
  /// In pixels of the coded frame.
  let box: Region
  /// nil: the box is taken whole.
  var lettering: Lettering?

  /// Frames that the lettering is learnt from, besides the one on which the box was drawn.
  private static let samples = 9

  /// Looks at some frames of the clip for lettering in the box.
  mutating func learn(from clip: Clip) throws {
    let (first, last) = (clip.range.lowerBound, clip.range.upperBound)
    let even = (0..<Self.samples).map { first + (last - first) * $0 / (Self.samples - 1) }
    let around = neighbourhood(in: clip.info)
    lettering = Lettering(
      samples: try Set(even + [min(frame, last)]).sorted().map { try clip.image($0, region: around) },
      box: inner(in: clip.info))
  }

  /// The lettering's strokes on a frame, of the box's size.
  func strokes(on frame: Int, of clip: Clip) throws -> Plane<UInt8> {
    let inner = inner(in: clip.info)
    let image = try clip.image(frame, region: neighbourhood(in: clip.info))
    return lettering?.coverage(in: image, box: inner).cropped(to: inner)
      ?? Plane(width: inner.width, height: inner.height, repeating: 0)
  }

  /// The box with some of its surroundings.
  func neighbourhood(in info: MediaInfo) -> Region {
    box.grown(by: Lettering.margin(for: box)).intersection(Region(x: 0, y: 0, width: info.width, height: info.height))
  }

  /// The box in the coordinates of its neighbourhood.
  func inner(in info: MediaInfo) -> Region {
    let around = neighbourhood(in: info)
    return Region(x: box.x - around.x, y: box.y - around.y, width: box.width, height: box.height)
  }
}

/// Makes the masks of marks that stand still: boxes with lettering keep the picture between the strokes, on each frame.
struct StillStage {
  /// Strokes found this many frames before and after are filled too: text fades in and out.
  private static let fade = 2

  let clip: Clip
  let folder: StageFolder
  let meter: ProgressMeter

  func run(prompts: [ObjectPrompt], anchors: [Int: Anchor], shots: [ClosedRange<Int>]) throws -> StillMasks {
    let boxes = try learnt(SelectStage.stillBoxes(prompts, in: clip.info))
    let lettered = boxes.filter { $0.lettering != nil }
    let masks = StillMasks(whole: whole(anchors, without: lettered), lettered: lettered, clip: clip, folder: folder)
    guard !lettered.isEmpty else { return masks }
    try meter.stage(.track, frames: clip.range.count) {
      for shot in shots { try follow(lettered, through: shot, masks) }
    }
    return masks
  }

  private func learnt(_ boxes: [StillBox]) throws -> [StillBox] {
    try boxes.map { box in
      var learnt = box
      try learnt.learn(from: clip)
      return learnt
    }
  }

  /// What stands on every frame: all that was marked but the boxes with lettering.
  private func whole(_ anchors: [Int: Anchor], without lettered: [StillBox]) -> Mask {
    var union = Mask(width: clip.info.width, height: clip.info.height)
    for (frame, anchor) in anchors.sorted(by: { $0.key < $1.key }) {
      let left = Set(lettered.filter { $0.frame == frame }.map(\.object))
      for i in union.labels.samples.indices {
        let label = anchor.mask.labels.samples[i]
        if label != 0, !left.contains(label) { union.labels.samples[i] = label }
      }
    }
    return union
  }

  private func follow(_ boxes: [StillBox], through shot: ClosedRange<Int>, _ masks: StillMasks) throws {
    var seen: [Int: [Plane<UInt8>]] = [:]
    for frame in shot {
      try meter.advance(to: Double(frame - clip.range.lowerBound))
      guard !masks.has(frame) else {
        meter.inherit(1)
        continue
      }
      let near = max(shot.lowerBound, frame - Self.fade)...min(shot.upperBound, frame + Self.fade)
      seen = seen.filter { near.contains($0.key) }
      for other in near where seen[other] == nil {
        seen[other] = try boxes.map { try $0.strokes(on: other, of: clip) }
      }
      for (index, box) in boxes.enumerated() {
        var mask = Mask(labels: Plane(width: box.box.width, height: box.box.height, repeating: 0))
        for other in near {
          guard let coverage = seen[other]?[index] else { continue }
          for i in coverage.samples.indices where coverage.samples[i] != 0 { mask.labels.samples[i] = box.object }
        }
        try masks.store(mask, of: index, frame)
      }
    }
  }
}

/// Marks that stand still on the screen: the same on every frame, but for lettering, which may change.
final class StillMasks: MaskProvider {
  private let whole: Mask
  private let lettered: [StillBox]
  private let clip: Clip
  private let folder: StageFolder

  init(whole: Mask, lettered: [StillBox], clip: Clip, folder: StageFolder) {
    self.whole = whole
    self.lettered = lettered
    self.clip = clip
    self.folder = folder
  }

  func mask(at frame: Int) throws -> Mask {
    var mask = whole
    for (index, box) in lettered.enumerated() {
      guard let strokes = try? MaskFile.read(path(index, frame)), strokes.width == box.box.width,
        strokes.height == box.box.height
      else { throw RemovalError(.workFolder, "\(folder.path): the mask of frame \(frame) is gone") }
      for y in 0..<box.box.height {
        for x in 0..<box.box.width where strokes.labels[x, y] != 0 {
          mask.labels[box.box.x + x, box.box.y + y] = box.object
        }
      }
    }
    return mask
  }

  func has(_ frame: Int) -> Bool { lettered.indices.allSatisfy { folder.has(name($0, frame)) } }

  func store(_ mask: Mask, of index: Int, _ frame: Int) throws { try MaskFile.write(mask, to: path(index, frame)) }

  private func name(_ index: Int, _ frame: Int) -> String { frameName(frame, "-\(index).png") }
  private func path(_ index: Int, _ frame: Int) -> String { folder.path + "/" + name(index, frame) }
}
