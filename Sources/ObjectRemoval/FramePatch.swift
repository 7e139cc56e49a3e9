import Foundation
import Imaging

/// The samples of a frame that a fill replaced: a rectangle of every colour plane, exactly as it goes into the output.
struct FramePatch {
  /// Aligned to whole chroma samples.
  let region: Region
  let planes: [SamplePlane]

  /// Cuts what changed out of `frame`, the composite.
  init(of frame: Frame, around changed: Region) {
    let shift = frame.format.chromaShift
    let unit = (x: 1 << shift.x, y: 1 << shift.y)
    let left = changed.x / unit.x * unit.x
    let top = changed.y / unit.y * unit.y
    let right = min(frame.width, (changed.maxX + unit.x - 1) / unit.x * unit.x)
    let bottom = min(frame.height, (changed.maxY + unit.y - 1) / unit.y * unit.y)
    let region = Region(x: left, y: top, width: right - left, height: bottom - top)
    self.region = region
    planes = (0..<frame.format.colorPlaneCount).map { index in
      frame.planes[index].cropped(to: Self.part(region, of: index, frame))
    }
  }

  private init(region: Region, planes: [SamplePlane]) {
    self.region = region
    self.planes = planes
  }

  private static func part(_ region: Region, of plane: Int, _ frame: Frame) -> Region {
    let isChroma = (plane == 1 || plane == 2) && frame.format.layout != .rgb
    let shift = isChroma ? frame.format.chromaShift : (x: 0, y: 0)
    let size = frame.format.planeSize(plane, width: frame.width, height: frame.height)
    let x = region.x >> shift.x
    let y = region.y >> shift.y
    let maxX = min(size.width, (region.maxX + (1 << shift.x) - 1) >> shift.x)
    let maxY = min(size.height, (region.maxY + (1 << shift.y) - 1) >> shift.y)
    return Region(x: x, y: y, width: maxX - x, height: maxY - y)
  }

  /// `frame` with these samples in place of its own.
  func applied(to frame: Frame) throws -> Frame {
    var planes = frame.planes
    for (index, plane) in self.planes.enumerated() {
      planes[index] = planes[index].replacing(Self.part(region, of: index, frame), with: plane)
    }
    return try Frame(width: frame.width, height: frame.height, format: frame.format, color: frame.color, planes: planes)
  }
}

extension SamplePlane {
  func cropped(to region: Region) -> SamplePlane {
    switch self {
    case .bytes(let plane): .bytes(plane.cropped(to: region))
    case .words(let plane): .words(plane.cropped(to: region))
    }
  }

  /// A plane of another kind than this one's changes nothing.
  func replacing(_ region: Region, with part: SamplePlane) -> SamplePlane {
    switch (self, part) {
    case (.bytes(let plane), .bytes(let part)): .bytes(plane.replacing(region, with: part))
    case (.words(let plane), .words(let part)): .words(plane.replacing(region, with: part))
    default: self
    }
  }
}

extension FramePatch {
  /// Little-endian words: x, y, width, height, plane count; for each plane its width, height, bytes a sample, samples.
  func encoded() -> Data {
    var data = Data()
    data.append(words: [region.x, region.y, region.width, region.height, planes.count])
    for plane in planes {
      switch plane {
      case .bytes(let plane):
        data.append(words: [plane.width, plane.height, 1])
        data.append(contentsOf: plane.samples)
      case .words(let plane):
        data.append(words: [plane.width, plane.height, 2])
        plane.samples.withUnsafeBytes { data.append(contentsOf: $0) }
      }
    }
    return data
  }

  /// nil where the bytes are not a patch.
  init?(from reader: inout WordReader) {
    guard let head = reader.words(5), head[4] <= 4 else { return nil }
    var planes: [SamplePlane] = []
    for _ in 0..<head[4] {
      guard let size = reader.words(3), size[0] > 0, size[1] > 0 else { return nil }
      if size[2] == 1 {
        guard let samples = reader.array(UInt8.self, size[0] * size[1]) else { return nil }
        planes.append(.bytes(Plane(width: size[0], height: size[1], samples: samples)))
      } else {
        guard let samples = reader.array(UInt16.self, size[0] * size[1]) else { return nil }
        planes.append(.words(Plane(width: size[0], height: size[1], samples: samples)))
      }
    }
    self.init(region: Region(x: head[0], y: head[1], width: head[2], height: head[3]), planes: planes)
  }
}

extension Data {
  mutating func append(words: [Int]) {
    for word in words {
      Swift.withUnsafeBytes(of: UInt32(truncatingIfNeeded: word).littleEndian) { append(contentsOf: $0) }
    }
  }
}

/// Reads what `append(words:)` and arrays wrote, and never beyond the end.
struct WordReader {
  private let data: Data
  private var position = 0

  init(_ data: Data) { self.data = data }

  var isAtEnd: Bool { position >= data.count }

  mutating func words(_ count: Int) -> [Int]? {
    array(UInt32.self, count)?.map { Int(UInt32(littleEndian: $0)) }
  }

  mutating func array<Element: BitwiseCopyable & FixedWidthInteger>(_ type: Element.Type, _ count: Int) -> [Element]? {
    let bytes = count * MemoryLayout<Element>.stride
    guard count >= 0, bytes <= data.count - position else { return nil }
    defer { position += bytes }
    return [Element](unsafeUninitializedCapacity: count) { buffer, filled in
      data.copyBytes(
        to: UnsafeMutableRawBufferPointer(buffer), from: data.startIndex + position..<data.startIndex + position + bytes
      )
      filled = count
    }
  }
}
