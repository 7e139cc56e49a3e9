import Imaging
import VideoIO

/// Two clips of one size and format in one film, the second to the right, with the first one's sound.
struct SideBySide {
  let left: String
  let right: String

  /// Writes the film, and `frame` of it as a picture. Replaces what is there.
  func write(film: String, picture: String, frame: Int) throws {
    let first = try MediaSource.open(left)
    let second = try MediaSource.open(right)
    var info = first.info
    info.width *= 2
    let last = info.frameCount - 1
    let sink = try MediaSink.open(
      film, source: info, range: 0...last, times: (info.startTime, info.startTime + info.duration),
      settings: EncodeSettings(), force: true)
    for index in 0...last {
      let timed = try first.frame(at: index)
      let both = try timed.frame.beside(try second.frame(at: index).frame)
      try sink.write(both, time: timed.time, duration: timed.duration)
      if index == frame { try StillImage.write(RGBImage(both), picture) }
    }
    try sink.finish()
  }
}

extension Frame {
  /// This frame with `other` to its right.
  /// - Throws: `ImagingError.wrongSize` where the two do not fit.
  fileprivate func beside(_ other: Frame) throws(ImagingError) -> Frame {
    guard format == other.format, height == other.height, width == other.width else {
      throw ImagingError(.wrongSize, "\(width)x\(height) beside \(other.width)x\(other.height)")
    }
    var joined: [SamplePlane] = []
    for pair in zip(planes, other.planes) {
      switch pair {
      case (.bytes(let a), .bytes(let b)): joined.append(.bytes(a.beside(b)))
      case (.words(let a), .words(let b)): joined.append(.words(a.beside(b)))
      default: throw ImagingError(.unsupportedFormat, "planes of two depths")
      }
    }
    return try Frame(width: 2 * width, height: height, format: format, color: color, planes: joined)
  }
}

extension Plane {
  fileprivate func beside(_ other: Plane) -> Plane {
    var out: [Sample] = []
    out.reserveCapacity(2 * samples.count)
    for y in 0..<height {
      out += samples[y * width..<(y + 1) * width]
      out += other.samples[y * width..<(y + 1) * width]
    }
    return Plane(width: 2 * width, height: height, samples: out)
  }
}
