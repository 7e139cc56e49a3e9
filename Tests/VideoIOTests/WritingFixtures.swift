import Foundation
import Imaging

@testable import VideoIO

/// A folder that goes away with the value.
final class ScratchFolder {
  let path: String

  init() {
    path = FileManager.default.temporaryDirectory.path + "/cleanplate-tests-\(UUID().uuidString)"
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { if getenv("KEEP") == nil { try? FileManager.default.removeItem(atPath: path) } }

  func file(_ name: String) -> String { path + "/" + name }

  var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path).sorted()) ?? [] }
}

/// Runs `ffmpeg` and `ffprobe` to make inputs and to look at outputs from outside.
enum ForeignTool {
  struct Failed: Error, CustomStringConvertible { var description: String }

  static let isAvailable = (try? run("ffprobe", ["-version"])) != nil

  @discardableResult
  static func run(_ tool: String, _ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [tool] + arguments
    let (output, errors) = (Pipe(), FileManager.default.temporaryDirectory.path + "/cleanplate-\(UUID().uuidString)")
    _ = FileManager.default.createFile(atPath: errors, contents: nil)
    defer { try? FileManager.default.removeItem(atPath: errors) }
    process.standardOutput = output
    process.standardInput = FileHandle.nullDevice
    process.standardError = FileHandle(forWritingAtPath: errors)
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failed(description: (try? String(contentsOfFile: errors, encoding: .utf8)) ?? tool)
    }
    return String(decoding: data, as: UTF8.self)
  }

  static func ffmpeg(_ arguments: String...) throws {
    try run("ffmpeg", ["-nostdin", "-v", "error", "-y"] + arguments)
  }

  /// The values of `entries` (`stream=width,height`), a line for each section, separated by commas.
  static func probe(_ path: String, _ entries: String, _ more: String...) throws -> [String] {
    try run("ffprobe", ["-v", "error", "-of", "csv=p=0", "-show_entries", entries] + more + [path])
      .split(separator: "\n").map { $0.trimmingCharacters(in: CharacterSet(charactersIn: ",\r ")) }
  }

  /// Presentation times of a stream's packets in seconds, in ascending order.
  static func times(_ path: String, _ stream: String = "v:0") throws -> [Double] {
    try probe(path, "packet=pts_time", "-select_streams", stream).compactMap(Double.init).sorted()
  }
}

/// Frames whose samples depend on position and number, in any format.
enum FrameFixture {
  static func frame(
    _ number: Int, width: Int = 64, height: Int = 48, _ format: PixelFormat = PixelFormat(.yuv420),
    color: ColorDescription = .unspecified
  ) -> Frame {
    let planes = (0..<format.planeCount).map { index in
      let size = format.planeSize(index, width: width, height: height)
      return plane(size.width, size.height, format) { x, y in
        (x &* (3 + index) &+ y &* 5 &+ number &* 7 &+ (x &* y) % 11) & format.maxValue
      }
    }
    return try! Frame(width: width, height: height, format: format, color: color, planes: planes)
  }

  static func plane(_ width: Int, _ height: Int, _ format: PixelFormat, _ value: (Int, Int) -> Int) -> SamplePlane {
    let values = (0..<height).flatMap { y in (0..<width).map { x in value(x, y) } }
    return format.bitDepth == 8
      ? .bytes(Plane(width: width, height: height, samples: values.map { UInt8($0) }))
      : .words(Plane(width: width, height: height, samples: values.map { UInt16($0) }))
  }

  static func info(
    path: String = "/nowhere/source.mp4", width: Int = 64, height: Int = 48,
    format: PixelFormat = PixelFormat(.yuv420), color: ColorDescription = .unspecified,
    frameRate: Rational = Rational(25, 1), timeBase: Rational = Rational(1, 12800), frameCount: Int = 10,
    orientation: Orientation = .upright, isVariable: Bool = false
  ) -> MediaInfo {
    MediaInfo(
      path: path, container: "mov", codec: "h264", width: width, height: height, orientation: orientation,
      sampleAspectRatio: Rational(1, 1), format: format, color: color, frameRate: frameRate,
      isVariableFrameRate: isVariable, isInterlaced: false, timeBase: timeBase, frameCount: frameCount,
      duration: Double(frameCount) / frameRate.value, startTime: 0, streams: [], chapterCount: 0, warnings: [])
  }
}

extension MediaInfo {
  /// Ticks of one frame at the constant rate.
  var ticks: Int64 { Int64((Double(timeBase.denominator) / Double(timeBase.numerator) / frameRate.value).rounded()) }

  /// Writes frames of the fixture at a constant rate.
  func write(
    _ path: String, codec: EncodeSettings.Codec? = nil, range: ClosedRange<Int>? = nil, start: Int64 = 0,
    preset: String? = "ultrafast", force: Bool = false, times: [Int64]? = nil
  ) throws -> [String] {
    let range = range ?? 0...frameCount - 1
    let unit = timeBase.value
    let all = times ?? (0...frameCount).map { start + Int64($0) * ticks }
    let sink = try MediaSink.open(
      path, source: self, range: range,
      times: (Double(all[range.lowerBound]) * unit, Double(all[range.upperBound + 1]) * unit),
      settings: EncodeSettings(codec: codec, preset: preset), force: force)
    for index in range {
      try sink.write(
        FrameFixture.frame(index, width: width, height: height, format, color: color), time: all[index],
        duration: all[index + 1] - all[index])
    }
    try sink.finish()
    return sink.warnings
  }
}
