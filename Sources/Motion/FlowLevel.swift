import CPixelKernels
import Imaging

/// One level of a pyramid: the picture, its derivatives, and where it may be looked at. Immutable once made.
final class FlowLevel: @unchecked Sendable {
  let width: Int
  let height: Int
  let image: BorderedPlane
  /// Derivatives, where the level is searched.
  let gradients: (x: BorderedPlane, y: BorderedPlane)?
  /// 1 where seen, 0 in the hole; nil where all is seen.
  let valid: BorderedPlane?
  private let touched: TouchedWindows?

  /// - Parameters:
  ///   - image: its samples are filled, its border is not yet.
  ///   - isSearched: false where the level is only refined.
  init(image: BorderedPlane, valid: BorderedPlane?, isSearched: Bool = true, threads: Int) {
    width = image.width
    height = image.height
    self.image = image
    self.valid = valid
    image.repeatEdges()
    valid?.repeatEdges()
    guard isSearched else {
      (touched, gradients) = (nil, nil)
      return
    }
    touched = valid.map(TouchedWindows.init)
    let gx = BorderedPlane(width: image.width, height: image.height)
    let gy = BorderedPlane(width: image.width, height: image.height)
    let table = cpk_flow()!.pointee
    Rows.concurrently(image.height, threads: threads) { rows in
      table.gradients(
        image.origin, Int32(image.width), Int32(image.stride), gx.origin, gy.origin, Int32(rows.lowerBound),
        Int32(rows.upperBound))
    }
    gradients = (gx, gy)
  }

  var pointers: cpk_flow_level {
    cpk_flow_level(
      image: image.origin, gx: gradients?.x.origin, gy: gradients?.y.origin, valid: valid?.origin,
      touched: touched?.origin,
      width: Int32(width), height: Int32(height), stride: Int32(image.stride))
  }

  /// The next coarser level.
  func halved(threads: Int) -> FlowLevel {
    let small = BorderedPlane(width: (width + 1) / 2, height: (height + 1) / 2)
    guard let valid else {
      let table = cpk_flow()!.pointee
      let image = image
      Rows.concurrently(small.height, threads: threads) { rows in
        table.halve(
          image.origin, Int32(image.width), Int32(image.height), Int32(image.stride), small.origin, Int32(small.stride),
          Int32(rows.lowerBound), Int32(rows.upperBound))
      }
      return FlowLevel(image: small, valid: nil, threads: threads)
    }
    let smallValid = BorderedPlane(width: small.width, height: small.height)
    let (image, seen) = (image.origin, valid.origin)
    for y in 0..<small.height {
      let upper = 2 * y * valid.stride
      let lower = min(2 * y + 1, height - 1) * valid.stride
      for x in 0..<small.width {
        let (left, right) = (2 * x, min(2 * x + 1, width - 1))
        let (a, b, c, d) = (upper &+ left, upper &+ right, lower &+ left, lower &+ right)
        let count = (seen[a] + seen[b]) + (seen[c] + seen[d])
        let sum = (image[a] * seen[a] + image[b] * seen[b]) + (image[c] * seen[c] + image[d] * seen[d])
        small.origin[y * small.stride + x] = count > 0 ? sum / count : 0
        smallValid.origin[y * small.stride + x] = count >= 2 ? 1 : 0
      }
    }
    return FlowLevel(image: small, valid: smallValid, threads: threads)
  }
}

/// 1 where the window of 9x9 samples from a place right and down holds a hole: where the search must look closer.
private final class TouchedWindows: @unchecked Sendable {
  private let bytes: UnsafeMutablePointer<UInt8>
  let origin: UnsafeMutablePointer<UInt8>

  init(_ valid: BorderedPlane) {
    let border = BorderedPlane.border
    let stride = valid.stride
    let reach = Int(CPK_FLOW_PATCH)
    let count = stride * (valid.height + 2 * border)
    bytes = .allocate(capacity: count)
    bytes.initialize(repeating: 0, count: count)
    origin = bytes + border * stride + border
    for y in 0..<valid.height {
      for x in 0..<valid.width where valid.origin[y * stride + x] == 0 {
        let left = x == 0 ? -border : x - reach
        let right = x == valid.width - 1 ? valid.width : x
        let top = y == 0 ? -border : y - reach
        let bottom = y == valid.height - 1 ? valid.height : y
        for ty in top...bottom {
          (origin + ty * stride + left).update(repeating: 1, count: right - left + 1)
        }
      }
    }
  }

  deinit { bytes.deallocate() }
}
