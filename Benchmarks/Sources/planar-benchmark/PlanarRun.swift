import Foundation
import Imaging
import Motion
import TestSupport
import VideoIO

/// One target followed to the end of its clip and back.
struct PlanarRun {
  private let target: FlatTarget
  private var matches: [PlanarMatch] = []
  private var errors: [Double] = []
  private var seconds = 0.0

  init(_ target: FlatTarget, folder: String, sheets: String?) throws {
    self.target = target
    let source = try MediaSource.open("\(folder)/\(target.file)")
    let count = source.info.frameCount
    let image = { RGBImage(try source.frame(at: $0).frame) }
    let first = try image(0)
    let forward = try follow(target.quad, from: first, through: 1..<count, image, sheets)
    guard let arrived = forward.last, !arrived.isLost else {
      errors = [.infinity]
      return
    }
    let there = target.quad.map(arrived.homography.apply)
    let back = try follow(there, from: image(count - 1), through: (0..<count - 1).reversed(), image, nil)
    guard let home = back.last, !home.isLost else {
      errors = [.infinity]
      return
    }
    errors = target.quad.map { corner in
      let d = home.homography.apply(arrived.homography.apply(corner)) - corner
      return (d * d).sum().squareRoot()
    }
  }

  private mutating func follow(
    _ quad: [SIMD2<Double>], from first: RGBImage, through frames: some Sequence<Int>,
    _ image: (Int) throws -> RGBImage,
    _ sheets: String?
  ) throws -> [PlanarMatch] {
    let mask = FlatTarget.mask(of: quad, width: first.width, height: first.height)
    var tracker = try PlanarTracker(image: first, mask: mask)
    var found: [PlanarMatch] = []
    for index in frames {
      let picture = try image(index)
      let start = userSeconds()
      found.append(tracker.step(picture))
      seconds += userSeconds() - start
      if let sheets, index % 12 == 0 { try write(picture, found.last!, index, to: sheets) }
    }
    matches += found
    return found
  }

  /// The target's surroundings with its mask tinted.
  private func write(_ picture: RGBImage, _ match: PlanarMatch, _ index: Int, to folder: String) throws {
    let tinted = picture.tinted(by: Mask(labels: match.mask.map { $0 >= 128 ? 1 : 0 }), opacity: 0.3, contour: 1)
    let name = target.name.replacingOccurrences(of: " ", with: "-")
    try PortableAnymap.write(tinted, to: "\(folder)/\(name)-\(String(format: "%03d", index)).ppm")
  }

  var row: String {
    let nccs = matches.map(\.ncc)
    return [
      target.name, String(matches.count / 2 + 1), f(errors.reduce(0, +) / Double(errors.count)), f(errors.max()!),
      String(matches.count(where: \.isLost)), f(Double(nccs.min() ?? 0)),
      f(Double(nccs.reduce(0, +)) / Double(max(1, nccs.count))),
      String(format: "%.1f", 1000 * seconds / Double(max(1, matches.count))),
    ].joined(separator: " | ")
  }

  private func f(_ value: Double) -> String { String(format: "%.3f", value) }
}
