import CFFmpeg
import Imaging

/// Writes planes into the components of a picture that was just allocated.
struct ComponentWriter {
  private let frame: FFmpegFrame
  private let descriptor: PixelFormatDescriptor
  private let data: [UnsafeMutablePointer<UInt8>?]
  private let strides: [Int32]

  init(_ frame: FFmpegFrame, _ descriptor: PixelFormatDescriptor) {
    self.frame = frame
    self.descriptor = descriptor
    let planes = frame.pointer.pointee.data
    data = [planes.0, planes.1, planes.2, planes.3]
    let lines = frame.pointer.pointee.linesize
    strides = [lines.0, lines.1, lines.2, lines.3]
  }

  /// Planes in the order of `PixelFormat.Layout`, alpha last: one for each component.
  func write(_ planes: [SamplePlane]) {
    if descriptor.transfer != .planar { clear() }
    for (index, plane) in planes.enumerated() {
      switch plane {
      case .bytes(let plane): write(plane, index)
      case .words(let plane): write(plane, index)
      }
    }
  }

  private func write(_ plane: Plane<UInt8>, _ index: Int) {
    let component = descriptor.components[index]
    let step = Int(component.step)
    for y in 0..<plane.height {
      let target = data[Int(component.plane)]! + y * Int(strides[Int(component.plane)]) + Int(component.offset)
      plane.samples.withUnsafeBufferPointer { samples in
        let row = samples.baseAddress! + y * plane.width
        if step == 1 {
          target.update(from: row, count: plane.width)
        } else {
          for x in 0..<plane.width { target[x &* step] = row[x] }
        }
      }
    }
  }

  private func write(_ plane: Plane<UInt16>, _ index: Int) {
    let isPlanar = descriptor.transfer == .planar
    let target = Int(descriptor.components[index].plane)
    plane.samples.withUnsafeBufferPointer { samples in
      for y in 0..<plane.height {
        let row = samples.baseAddress! + y * plane.width
        if isPlanar {
          UnsafeMutableRawPointer(data[target]! + y * Int(strides[target]))
            .copyMemory(from: row, byteCount: 2 * plane.width)
        } else {
          var pointers = data
          av_write_image_line2(
            row, &pointers, strides, descriptor.pointer, 0, Int32(y), Int32(index), Int32(plane.width), 2)
        }
      }
    }
  }

  /// FFmpeg's line writer ors bits into what is there.
  private func clear() {
    let buffers = frame.pointer.pointee.buf
    for buffer in [buffers.0, buffers.1, buffers.2, buffers.3] {
      guard let buffer else { continue }
      buffer.pointee.data.update(repeating: 0, count: Int(buffer.pointee.size))
    }
  }
}
