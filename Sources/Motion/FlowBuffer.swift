import CPixelKernels

/// Floats for the flow kernels, zero at first, 64-byte aligned, with room to read a little beyond either end.
///
/// Written by one stage at a time, each row by one thread; that is why it may be shared.
final class FlowBuffer: @unchecked Sendable {
  private static let slack = 64
  private let memory: UnsafeMutableRawPointer
  let count: Int
  let start: UnsafeMutablePointer<Float>

  init(count: Int) {
    self.count = count
    let total = count + 2 * Self.slack
    memory = UnsafeMutableRawPointer.allocate(byteCount: total * MemoryLayout<Float>.stride, alignment: 64)
    memory.initializeMemory(as: Float.self, repeating: 0, count: total)
    start = memory.assumingMemoryBound(to: Float.self) + Self.slack
  }

  deinit { memory.deallocate() }
}

/// A plane with a border on every side, which kernels read without looking where the picture ends.
final class BorderedPlane: @unchecked Sendable {
  static let border = Int(CPK_FLOW_BORDER)

  let width: Int
  let height: Int
  /// Samples from one row to the next: the width in whole vectors, and a border on each side.
  let stride: Int
  private let buffer: FlowBuffer
  /// Sample (0, 0).
  let origin: UnsafeMutablePointer<Float>

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    stride = Self.stride(width: width)
    buffer = FlowBuffer(count: stride * (height + 2 * Self.border))
    origin = buffer.start + Self.border * stride + Self.border
  }

  static func stride(width: Int) -> Int { (width + 31) / 32 * 32 + 2 * border }

  /// Repeats the outermost samples into `border` samples around the picture.
  func repeatEdges(border: Int = BorderedPlane.border) {
    for y in 0..<height {
      let row = origin + y * stride
      for x in 1...border {
        row[-x] = row[0]
        row[width - 1 + x] = row[width - 1]
      }
    }
    let length = width + 2 * border
    for y in 1...border {
      (origin - y * stride - border).update(from: origin - border, count: length)
      let last = origin + (height - 1) * stride - border
      (last + y * stride).update(from: last, count: length)
    }
  }
}

/// Displacements while they are worked on: two planes of `stride` floats a row.
final class FlowGrid: @unchecked Sendable {
  let width: Int
  let height: Int
  private let buffer: FlowBuffer
  let grid: cpk_flow_grid

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    let stride = (width + 31) / 32 * 32
    buffer = FlowBuffer(count: 2 * stride * height)
    grid = cpk_flow_grid(
      u: buffer.start, v: buffer.start + stride * height, width: Int32(width), height: Int32(height),
      stride: Int32(stride))
  }

  static var none: cpk_flow_grid { cpk_flow_grid(u: nil, v: nil, width: 0, height: 0, stride: 0) }
}
