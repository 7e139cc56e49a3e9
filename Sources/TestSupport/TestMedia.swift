import Foundation

/// Clips made by the `ffmpeg` command for tests, kept in a temporary folder from one run to the next.
public enum TestMedia {
  public struct Failure: Error, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
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
    if rename(partial, path) != 0 { throw Failure("cannot rename to \(path)") }
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
    try run(["ffmpeg", "-hide_banner", "-loglevel", "error", "-nostdin"] + arguments)
  }

  /// What `ffprobe` says of the first video stream: one line for each packet or frame, fields split by commas.
  public static func probe(_ path: String, _ entries: String) throws -> [[String]] {
    let text = try run([
      "ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", entries, "-of", "csv=p=0", path,
    ])
    return text.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
  }

  /// Where the packets of the first video stream lie in the file.
  public static func packets(_ path: String) throws -> [(offset: Int, size: Int, isKey: Bool)] {
    try probe(path, "packet=size,pos,flags").compactMap { fields in
      guard fields.count >= 3, let size = Int(fields[0]), let offset = Int(fields[1]) else { return nil }
      return (offset, size, fields[2].hasPrefix("K"))
    }
  }

  @discardableResult
  private static func run(_ command: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    let (output, errors) = (Pipe(), FileManager.default.temporaryDirectory.path + "/" + UUID().uuidString)
    _ = FileManager.default.createFile(atPath: errors, contents: nil)
    defer { try? FileManager.default.removeItem(atPath: errors) }
    process.standardOutput = output
    process.standardError = FileHandle(forWritingAtPath: errors)
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      let said = FileManager.default.contents(atPath: errors) ?? Data()
      throw Failure(command.joined(separator: " ") + ": " + String(decoding: said, as: UTF8.self))
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func fingerprint(_ arguments: [String]) -> String {
    var hash: UInt64 = 14_695_981_039_346_656_037
    for byte in arguments.joined(separator: "\0").utf8 { hash = (hash ^ UInt64(byte)) &* 1_099_511_628_211 }
    return String(hash, radix: 16)
  }
}
