import Foundation

/// Clips made by the `ffmpeg` command for tests, kept in a temporary folder from one run to the next.
public enum TestMedia {
  public struct Failure: Error, CustomStringConvertible {
    public let description: String
  }

  public static let folder: String = {
    let path = FileManager.default.temporaryDirectory.path + "/cleanplate-test-media-\(getuid())"
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }()

  /// The file that `ffmpeg <arguments> <output>` makes; made once for each name and arguments.
  /// - Parameter name: the file name; its extension chooses the container.
  public static func clip(_ name: String, _ arguments: [String]) throws -> String {
    let directory = folder + "/" + fingerprint(arguments)
    let path = directory + "/" + name
    if FileManager.default.fileExists(atPath: path) { return path }
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    let partial = directory + "/\(UUID().uuidString)-" + name
    try ffmpeg(arguments + ["-y", partial])
    if rename(partial, path) != 0 { throw Failure(description: "cannot rename to \(path)") }
    return path
  }

  /// FFmpeg's moving test pattern, encoded.
  public static func pattern(
    _ name: String, size: String = "160x90", rate: String = "25", frames: Int = 60, _ encoding: [String]
  ) throws -> String {
    try clip(
      name, ["-f", "lavfi", "-i", "testsrc2=size=\(size):rate=\(rate)", "-frames:v", "\(frames)"] + encoding)
  }

  /// Runs `ffmpeg`, quietly.
  public static func ffmpeg(_ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["ffmpeg", "-hide_banner", "-loglevel", "error", "-nostdin"] + arguments
    let errors = Pipe()
    process.standardError = errors
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let text = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(description: "ffmpeg \(arguments.joined(separator: " ")): \(String(decoding: text, as: UTF8.self))")
    }
  }

  private static func fingerprint(_ arguments: [String]) -> String {
    var hash: UInt64 = 14_695_981_039_346_656_037
    for byte in arguments.joined(separator: "\0").utf8 { hash = (hash ^ UInt64(byte)) &* 1_099_511_628_211 }
    return String(hash, radix: 16)
  }
}
