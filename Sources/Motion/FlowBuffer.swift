import CPixelKernels
import Foundation

/// Floats for the flow kernels, zero at first, with room to read a little beyond either end.
///
/// Written by one stage at a time, each row by one thread; that is why it may be shared.
final class FlowBuffer: @unchecked Sendable {
  private static let slack = 64
  private let memory: UnsafeMutablePointer<Float>
  let start: UnsafeMutablePointer<Float>

  init(count: Int) {
    // Untouched pages of zeros cost nothing, which `calloc` knows and `initialize(repeating:)` does not.
    let bytes = calloc(count + 2 * Self.slack, MemoryLayout<Float>.stride)
    guard let bytes else { fatalError("no memory for \(count) floats") }
    memory = bytes.bindMemory(to: Float.self, capacity: count + 2 * Self.slack)
    start = memory + Self.slack
  }

  deinit { free(memory) }
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

  convenience init(width: Int, height: Int) {
    self.init(width: width, height: height, in: FlowBuffer(count: Self.count(width: width, height: height)), at: 0)
  }

  /// A plane that lies in a larger buffer.
  init(width: Int, height: Int, in buffer: FlowBuffer, at offset: Int) {
    self.width = width
    self.height = height
    self.buffer = buffer
    stride = Self.stride(width: width)
    origin = buffer.start + offset + Self.border * stride + Self.border
  }

  static func stride(width: Int) -> Int { (width + 31) / 32 * 32 + 2 * border }

  static func count(width: Int, height: Int) -> Int { stride(width: width) * (height + 2 * border) }

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
