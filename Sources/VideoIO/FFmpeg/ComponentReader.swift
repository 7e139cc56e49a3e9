import CFFmpeg
import Imaging

/// Reads the components of a decoded picture into planes.
struct ComponentReader {
  private let frame: FFmpegFrame
  private let descriptor: PixelFormatDescriptor
  private let format: PixelFormat
  private let transfer: SampleTransfer
  private let data: [UnsafePointer<UInt8>?]
  private let strides: [Int32]

  /// - Throws: `FFmpegError` where a plane is missing.
  init(_ frame: FFmpegFrame, _ descriptor: PixelFormatDescriptor, _ format: PixelFormat) throws(FFmpegError) {
    self.frame = frame
    self.descriptor = descriptor
    self.format = format
    transfer = descriptor.transfer
    let planes = frame.pointer.pointee.data
    data = [planes.0, planes.1, planes.2, planes.3].map { $0.map { UnsafePointer($0) } }
    let lines = frame.pointer.pointee.linesize
    strides = [lines.0, lines.1, lines.2, lines.3]
    let isComplete = descriptor.components.allSatisfy { data[Int($0.plane)] != nil }
    guard isComplete, frame.width > 0, frame.height > 0 else { throw FFmpegError(code: FFmpegCode.invalidData) }
  }

  /// Plane `index` in the order of `PixelFormat.Layout`, alpha last.
  func plane(_ index: Int) -> SamplePlane {
    let size = format.planeSize(index, width: frame.width, height: frame.height)
    if descriptor.has(AV_PIX_FMT_FLAG_PAL) { return .bytes(palettePlane(index, size)) }
    let isAlpha = format.hasAlpha && index == format.planeCount - 1
    let component = isAlpha ? descriptor.components.count - 1 : index
    if format.bitDepth == 8 { return .bytes(bytePlane(component, size)) }
    return .words(wordPlane(component, size))
  }

  private func bytePlane(_ index: Int, _ size: (width: Int, height: Int)) -> Plane<UInt8> {
    let component = descriptor.components[index]
    guard component.depth == 8, component.shift == 0, !descriptor.has(AV_PIX_FMT_FLAG_BITSTREAM) else {
      return expandedPlane(index, size)
    }
    let step = Int(component.step)
    return filled(size) { row, y in
      let source = data[Int(component.plane)]! + y * Int(strides[Int(component.plane)]) + Int(component.offset)
      if step == 1 {
        row.update(from: source, count: size.width)
      } else {
        for x in 0..<size.width { row[x] = source[x &* step] }
      }
    }
  }

  private func wordPlane(_ index: Int, _ size: (width: Int, height: Int)) -> Plane<UInt16> {
    let largest = UInt16(format.maxValue)
    let plane = Int(descriptor.components[index].plane)
    return filled(size) { row, y in
      if transfer == .planar {
        UnsafeMutableRawPointer(row).copyMemory(from: data[plane]! + y * Int(strides[plane]), byteCount: 2 * size.width)
      } else {
        readLine(index, y, size.width, into: row)
      }
      if largest < .max { for x in 0..<size.width { row[x] = min(row[x], largest) } }
    }
  }

  /// Components of fewer than 8 bits, stretched so that their largest value becomes 255.
  private func expandedPlane(_ index: Int, _ size: (width: Int, height: Int)) -> Plane<UInt8> {
    let largest = (1 << Int(descriptor.components[index].depth)) - 1
    let isInverted = frame.pixelFormat == AV_PIX_FMT_MONOWHITE
    let levels = (0...largest).map { UInt8(((isInverted ? largest - $0 : $0) * 255 + largest / 2) / largest) }
    return withUnsafeTemporaryAllocation(of: UInt16.self, capacity: size.width) { line in
      let line = line.baseAddress!
      return filled(size) { row, y in
        readLine(index, y, size.width, into: line)
        for x in 0..<size.width { row[x] = levels[min(largest, Int(line[x]))] }
      }
    }
  }

  private func palettePlane(_ index: Int, _ size: (width: Int, height: Int)) -> Plane<UInt8> {
    guard let indices = data[0], let palette = data[1] else {
      return Plane(width: size.width, height: size.height, repeating: 0)
    }
    // Entries are words of alpha, red, green, blue from the high byte down.
    let shift = UInt32([16, 8, 0, 24][index])
    return palette.withMemoryRebound(to: UInt32.self, capacity: 256) { entries in
      filled(size) { row, y in
        let source = indices + y * Int(strides[0])
        for x in 0..<size.width { row[x] = UInt8(truncatingIfNeeded: entries[Int(source[x])] >> shift) }
      }
    }
  }

  private func readLine(_ component: Int, _ y: Int, _ width: Int, into row: UnsafeMutablePointer<UInt16>) {
    data.withUnsafeBufferPointer { data in
      let pointers = UnsafeMutablePointer(mutating: data.baseAddress)
      av_read_image_line2(
        row, pointers, strides, descriptor.pointer, 0, Int32(y), Int32(component), Int32(width), 0, 2)
    }
  }

  private func filled<Sample>(
    _ size: (width: Int, height: Int), _ fillRow: (UnsafeMutablePointer<Sample>, Int) -> Void
  ) -> Plane<Sample> {
    let samples = [Sample](unsafeUninitializedCapacity: size.width * size.height) { buffer, count in
      for y in 0..<size.height { fillRow(buffer.baseAddress! + y * size.width, y) }
      count = size.width * size.height
    }
    return Plane(width: size.width, height: size.height, samples: samples)
  }
}
