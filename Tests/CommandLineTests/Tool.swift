import Foundation
import TestSupport

/// The built `cleanplate`, run as a user runs it.
enum Tool {
  struct Result {
    /// The exit code, or 128 plus the signal that ended it.
    var code: Int32
    var out: String
    var err: String

    /// How a shell would show it, for failed expectations.
    var summary: String { "exit \(code)\nstdout: \(out)\nstderr: \(err)" }
  }

  static let path = BuiltTool.path

  /// Runs to the end. `input` goes to standard input, which is otherwise empty.
  static func run(_ arguments: String..., in folder: String? = nil, input: String? = nil) throws -> Result {
    try run(arguments, in: folder, input: input)
  }

  static func run(_ arguments: [String], in folder: String? = nil, input: String? = nil) throws -> Result {
    let started = try start(arguments, in: folder, input: input)
    return try started.wait()
  }

  /// Starts a run that the test will interrupt.
  static func start(_ arguments: [String], in folder: String? = nil, input: String? = nil) throws -> Running {
    try Running(arguments, in: folder, input: input)
  }

  /// A process under way; its outputs go to files, so that it never waits for a reader.
  final class Running {
    private let process = Process()
    private let outputs: [URL]

    fileprivate init(_ arguments: [String], in folder: String?, input: String?) throws {
      let base = FileManager.default.temporaryDirectory.appending(path: "tool-\(UUID().uuidString)")
      outputs = ["out", "err"].map { base.appendingPathExtension($0) }
      for url in outputs { _ = FileManager.default.createFile(atPath: url.path, contents: nil) }
      process.executableURL = URL(fileURLWithPath: Tool.path)
      process.arguments = arguments
      if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
      process.standardOutput = try FileHandle(forWritingTo: outputs[0])
      process.standardError = try FileHandle(forWritingTo: outputs[1])
      process.standardInput =
        try input.map { try FileHandle(forReadingFrom: URL(fileURLWithPath: $0)) }
        ?? FileHandle.nullDevice
      try process.run()
    }

    deinit {
      for url in outputs { try? FileManager.default.removeItem(at: url) }
    }

    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }
    var isRunning: Bool { process.isRunning }
    var errorSoFar: String { (try? String(contentsOf: outputs[1], encoding: .utf8)) ?? "" }

    func wait() throws -> Result {
      process.waitUntilExit()
      let texts = try outputs.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
      let code = process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
      return Result(code: code, out: texts[0], err: texts[1])
    }
  }
}
