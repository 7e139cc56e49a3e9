import Foundation
import Imaging
import NeuralRuntime

/// Follows objects with SiamMask: a box in, a rotated box and a mask out, each object by itself.
///
/// Only the frame of the last correction is remembered of an object; what is lost is not looked for elsewhere, and shows as
/// low confidence. A value: copying it forks the track.
public struct SiamMaskTracker: Tracker {
  /// Finds the masks of the objects in these boxes: how the reference's real-time pipeline lets HQ-SAM draw what SiamMask
  /// follows. An empty mask leaves SiamMask's own.
  public typealias Refinement = @Sendable (_ frame: RGBImage, _ boxes: [Region]) throws -> [Plane<UInt8>]

  private let network: SiamMaskNetwork
  private let decoding: SiamMaskDecoding
  private let refinement: Refinement?
  private var crop: ContextCrop?
  private var size: (width: Int, height: Int) = (0, 0)
  private var followed: [UInt8: Followed] = [:]
  /// The rotated box of each object on the last frame: four corners in turn.
  public private(set) var polygons: [UInt8: [OutlinePoint]] = [:]

  private struct Followed {
    var template: SiamMaskNetwork.Template
    var target: SiamMaskTarget
  }

  public init(_ network: SiamMaskNetwork, settings: SiamMaskSettings = .init(), refinement: Refinement? = nil) {
    self.network = network
    decoding = SiamMaskDecoding(settings)
    self.refinement = refinement
  }

  public mutating func step(_ frame: RGBImage, correction: Mask?) throws -> TrackedMask {
    try check(frame, correction)
    let crop = self.crop ?? ContextCrop(first: frame)
    self.crop = crop
    size = (frame.width, frame.height)
    guard let correction else { return try search(frame, crop) }
    polygons = [:]
    var confidence = followed.mapValues { _ in Float(0) }
    for object in correction.objects {
      guard let box = correction.coverage(of: object).boundingBox else { continue }
      followed[object] = try learn(frame, box, crop)
      confidence[object] = 1
    }
    return TrackedMask(mask: correction, confidence: confidence)
  }

  /// Bytes that following takes, whatever the frame's size, as measured with the released weights.
  public static let memory = 400 << 20

  /// The place in the frame comes from the network, so a known mask saves nothing.
  public mutating func replay(_ frame: RGBImage, correction: Mask?, tracked: TrackedMask) throws {
    _ = try step(frame, correction: correction)
  }

  private func check(_ frame: RGBImage, _ correction: Mask?) throws(TrackingError) {
    if let correction, correction.width != frame.width || correction.height != frame.height {
      throw TrackingError(
        .wrongSize,
        "A mask of \(correction.width)x\(correction.height) lies on a frame of \(frame.width)x\(frame.height).")
    }
    if crop == nil, correction?.isEmpty ?? true {
      throw TrackingError(.missingMask, "The first frame to track from has no mask.")
    }
    if crop != nil, frame.width != size.width || frame.height != size.height {
      throw TrackingError(
        .wrongSize, "A frame of \(frame.width)x\(frame.height) follows frames of \(size.width)x\(size.height).")
    }
  }

  // MARK: Steps

  private func learn(_ frame: RGBImage, _ box: Region, _ crop: ContextCrop) throws -> Followed {
    let target = SiamMaskTarget(
      x: Double(box.x) + Double(box.width) / 2, y: Double(box.y) + Double(box.height) / 2, width: Double(box.width),
      height: Double(box.height))
    let side = Int(target.contextSide(decoding.settings.context).rounded(.toNearestOrEven))
    let picture = crop.picture(
      frame, x: target.x, y: target.y, originalSide: max(1, side), side: decoding.settings.exemplarSide)
    return Followed(template: try network.template(picture).template, target: target)
  }

  private mutating func search(_ frame: RGBImage, _ crop: ContextCrop) throws -> TrackedMask {
    var odds: [UInt8: Plane<Float>] = [:]
    var confidence: [UInt8: Float] = [:]
    polygons = [:]
    for object in followed.keys.sorted() {
      let found = try search(frame, followed[object]!, crop)
      followed[object]?.target = found.choice.target
      confidence[object] = found.choice.score
      odds[object] = found.odds
      polygons[object] = decoding.polygon(found.odds, found.choice.target)
    }
    try refine(frame, &odds)
    return TrackedMask(mask: compose(odds), confidence: confidence)
  }

  private func search(
    _ frame: RGBImage, _ object: Followed, _ crop: ContextCrop
  ) throws -> (choice: SiamMaskDecoding.Choice, odds: Plane<Float>) {
    let square = decoding.searchSquare(object.target)
    let picture = crop.picture(
      frame, x: object.target.x, y: object.target.y, originalSide: max(1, Int(square.side)),
      side: decoding.settings.searchSide)
    let answer = try network.search(picture, for: object.template)
    let choice = decoding.choose(scores: answer.scores, boxes: answer.boxes, from: object.target, frame: size)
    let logits = try network.refine(answer, row: choice.row, column: choice.column)["mask"]!
    let side = SiamMaskNetwork.maskSide
    let mask = NeuralTensor(logits.floats.map(SiamMaskNetwork.odds), [1, side, side])
    return (choice, decoding.place(mask, row: choice.row, column: choice.column, square: square, frame: size))
  }

  private func refine(_ frame: RGBImage, _ odds: inout [UInt8: Plane<Float>]) throws {
    guard let refinement else { return }
    let objects = odds.keys.sorted()
    let masks = try refinement(frame, objects.map { box(followed[$0]!.target) })
    for (object, mask) in zip(objects, masks) where mask.boundingBox != nil {
      odds[object] = mask.map { $0 != 0 ? 1 : SiamMaskDecoding.outside }
    }
  }

  private func box(_ target: SiamMaskTarget) -> Region {
    let (left, top) = (target.x - target.width / 2, target.y - target.height / 2)
    let x = max(0, min(size.width - 1, Int(left)))
    let y = max(0, min(size.height - 1, Int(top)))
    return Region(
      x: x, y: y, width: max(1, min(size.width, Int(left + target.width)) - x),
      height: max(1, min(size.height, Int(top + target.height)) - y))
  }

  /// Each pixel goes to the object with the best odds, the lower label at a tie.
  private func compose(_ odds: [UInt8: Plane<Float>]) -> Mask {
    var mask = Mask(width: size.width, height: size.height)
    var best = [Float](repeating: decoding.settings.maskThreshold, count: size.width * size.height)
    for object in odds.keys.sorted() {
      for (index, value) in odds[object]!.samples.enumerated() where value > best[index] {
        best[index] = value
        mask.labels.samples[index] = object
      }
    }
    return mask
  }
}
