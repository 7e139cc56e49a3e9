import CPixelKernels
import Imaging

/// Dense optical flow by inverse search and variational refinement.
///
/// T. Kroeger, R. Timofte, D. Dai, L. Van Gool, "Fast Optical Flow using Dense Inverse Search", ECCV 2016. A value
/// without state: safe to use from several threads. The result does not depend on `threads` or the CPU level.
public struct OpticalFlow: Sendable {
  /// Named as OpenCV names them: coarser and quicker, or finer and slower.
  public enum Preset: Sendable { case ultrafast, fast, medium }

  public let preset: Preset
  public let threads: Int
  let settings: FlowSettings

  /// - Parameter isPolished: whether `medium` is refined once more at the picture's own size; it takes a third of its time.
  public init(_ preset: Preset = .medium, isPolished: Bool = true, threads: Int = 1) {
    self.preset = preset
    self.threads = max(1, threads)
    settings = FlowSettings(preset, isPolished: isPolished)
  }

  /// A frame made ready once, to be used in many pairs. Immutable.
  public struct Pyramid: Sendable {
    public let width: Int
    public let height: Int
    /// Finest first.
    let levels: [FlowLevel]
    /// The picture itself, where the preset refines at full size.
    let full: FlowLevel?
  }

  /// - Parameters:
  ///   - luma: levels 0…255.
  ///   - hole: of the same size; samples above 0 are not looked at. Flow there is carried in from around it.
  public func pyramid(_ luma: Plane<UInt8>, ignoring hole: Plane<UInt8>? = nil) -> Pyramid {
    precondition(hole.map { $0.width == luma.width && $0.height == luma.height } ?? true, "hole of the wrong size")
    let least = Int(CPK_FLOW_PATCH) << settings.finestScale
    let width = max(luma.width, least)
    let height = max(luma.height, least)
    let picture = luma.extended(width: width, height: height)
    let hole = hole.flatMap { $0.samples.contains { $0 != 0 } ? $0.extended(width: width, height: height) : nil }
    let isPolished = settings.polish != nil && width * height <= FlowSettings.mostPolished
    let full = isPolished || hole != nil ? fullLevel(picture, ignoring: hole) : nil
    var level = full?.halved(threads: threads) ?? halved(picture)
    for _ in 1..<settings.finestScale { level = level.halved(threads: threads) }
    var levels = [level]
    let count = settings.levels(width: width, height: height)
    while levels.count < count {
      level = level.halved(threads: threads)
      levels.append(level)
    }
    return Pyramid(width: luma.width, height: luma.height, levels: levels, full: isPolished ? full : nil)
  }

  public func flow(from: Plane<UInt8>, to: Plane<UInt8>) -> FlowField {
    flow(from: pyramid(from), to: pyramid(to))
  }

  /// Where each pixel of `from` lies in `to`.
  ///
  /// - Parameter initial: a guess of the same size, such as the flow of the pair before; it is tried beside the
  ///   coarser level's flow.
  /// - Precondition: both pyramids come from this preset and have one size.
  public func flow(from: Pyramid, to: Pyramid, initial: FlowField? = nil) -> FlowField {
    flow(from: from, to: to, initial: initial, in: scratch(for: from))
  }

  /// The flow from `first` to `second`, and back; a little quicker than the two alone.
  ///
  /// - Precondition: as for `flow(from:to:initial:)`.
  public func flowBothWays(_ first: Pyramid, _ second: Pyramid) -> (there: FlowField, back: FlowField) {
    let scratch = scratch(for: first)
    return (
      flow(from: first, to: second, initial: nil, in: scratch), flow(from: second, to: first, initial: nil, in: scratch)
    )
  }

  private func scratch(for pyramid: Pyramid) -> FlowScratch {
    let largest = pyramid.full ?? pyramid.levels[0]
    return FlowScratch(width: largest.width, height: largest.height)
  }

  private func flow(from: Pyramid, to: Pyramid, initial: FlowField?, in scratch: FlowScratch) -> FlowField {
    precondition(
      from.width == to.width && from.height == to.height && from.levels.count == to.levels.count
        && from.levels[0].width == to.levels[0].width, "pyramids that differ")
    var coarse: FlowGrid?
    for scale in stride(from: from.levels.count - 1, through: 0, by: -1) {
      let solver = FlowLevelSolver(from: from.levels[scale], to: to.levels[scale], settings: settings, threads: threads)
      let guess = initial.map { FlowGrid($0, scale: scale + settings.finestScale, like: from.levels[scale]) }
      coarse = solver.solve(coarse: coarse, initial: guess, in: scratch)
    }
    var grid = coarse!
    if let full = from.full, let target = to.full, let polish = settings.polish {
      grid = grid.enlarged(width: full.width, height: full.height, threads: threads)
      VariationalRefinement(from: full, to: target, settings: polish, threads: threads).refine(grid, in: scratch)
    } else {
      for _ in 0..<settings.finestScale {
        grid = grid.enlarged(width: grid.width * 2, height: grid.height * 2, threads: threads)
      }
    }
    return grid.field(width: from.width, height: from.height, threads: threads)
  }

  private func halved(_ picture: Plane<UInt8>) -> FlowLevel {
    let small = BorderedPlane(width: (picture.width + 1) / 2, height: (picture.height + 1) / 2)
    let table = cpk_flow()!.pointee
    Rows.concurrently(small.height, threads: threads) { rows in
      picture.samples.withUnsafeBufferPointer { source in
        table.halve_bytes(
          source.baseAddress!, Int32(picture.width), Int32(picture.height), small.origin, Int32(small.stride),
          Int32(rows.lowerBound), Int32(rows.upperBound))
      }
    }
    return FlowLevel(image: small, valid: nil, threads: threads)
  }

  private func fullLevel(_ picture: Plane<UInt8>, ignoring hole: Plane<UInt8>?) -> FlowLevel {
    let image = BorderedPlane(width: picture.width, height: picture.height)
    let table = cpk_flow()!.pointee
    Rows.concurrently(picture.height, threads: threads) { rows in
      picture.samples.withUnsafeBufferPointer { source in
        table.widen(
          source.baseAddress!, Int32(picture.width), image.origin, Int32(image.stride), Int32(rows.lowerBound),
          Int32(rows.upperBound))
      }
    }
    guard let hole else { return FlowLevel(image: image, valid: nil, isSearched: false, threads: threads) }
    let valid = BorderedPlane(width: picture.width, height: picture.height)
    hole.samples.withUnsafeBufferPointer { samples in
      for y in 0..<picture.height {
        let (row, source) = (valid.origin + y * image.stride, y * picture.width)
        for x in 0..<picture.width { row[x] = samples[source &+ x] == 0 ? 1 : 0 }
      }
    }
    return FlowLevel(image: image, valid: valid, isSearched: false, threads: threads)
  }
}

extension Plane where Sample == UInt8 {
  /// Grown to the right and down by repeating the last samples.
  fileprivate func extended(width: Int, height: Int) -> Plane {
    guard width > self.width || height > self.height else { return self }
    var out = Plane(width: width, height: height, repeating: 0)
    for y in 0..<height {
      for x in 0..<width { out[x, y] = self[min(x, self.width - 1), min(y, self.height - 1)] }
    }
    return out
  }
}
