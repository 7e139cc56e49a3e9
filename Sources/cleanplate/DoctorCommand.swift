import ArgumentParser
import Foundation
import Imaging
import NeuralRuntime
import VideoIO

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Prints versions, codecs, CPU level, cores, memory and disk.",
    discussion: """
      What to look at first, and to send along, when something does not work.

        cleanplate doctor
        cleanplate doctor --json
      """)

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let health = MachineHealth.current
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      print(String(decoding: try encoder.encode(health), as: UTF8.self))
    } else {
      print(health.text)
    }
  }
}

/// What this program runs on.
private struct MachineHealth: Encodable {
  var cleanplate = Version.text
  var system: String
  var cpuLevel: String
  var cores: Int
  /// Bytes.
  var memory: UInt64
  /// Bytes free where the command was started; nil where the system does not say.
  var diskFree: Int64?
  var ffmpeg: FFmpegCapabilities
  /// ONNX Runtime's version, library and providers, or what is missing.
  var networks: String

  static var current: MachineHealth {
    let process = ProcessInfo.processInfo
    let attributes = try? FileManager.default.attributesOfFileSystem(forPath: FileManager.default.currentDirectoryPath)
    return MachineHealth(
      system: process.operatingSystemVersionString, cpuLevel: ProcessorLevel.current.rawValue,
      cores: process.activeProcessorCount, memory: process.physicalMemory,
      diskFree: (attributes?[.systemFreeSize] as? NSNumber)?.int64Value, ffmpeg: .current, networks: runtime)
  }

  private static var runtime: String {
    do {
      let runtime = try NeuralRuntime()
      let providers = runtime.providers.map { $0.replacingOccurrences(of: "ExecutionProvider", with: "") }
      let outcome = runtime.outcome(of: .auto)
      let device = outcome.provider?.replacingOccurrences(of: "ExecutionProvider", with: "") ?? "the processor"
      let library = "ONNX Runtime \(runtime.version) (\(providers.joined(separator: ", "))) in \(runtime.path)"
      return "\(library), computes by \(device)" + (outcome.note.map { "; \($0)" } ?? "")
    } catch {
      return error.description
    }
  }

  var text: String {
    let libraries = ffmpeg.libraries.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    return [
      row("cleanplate", cleanplate), row("system", system), row("processor", "\(cores) cores, \(cpuLevel) kernels"),
      row("memory", size(memory)),
      row("disk", diskFree.map { "\(size(UInt64(max(0, $0)))) free here" } ?? "unknown"),
      row("FFmpeg", "\(ffmpeg.release) (\(libraries.joined(separator: ", ")))"),
      row("reads", list(ffmpeg.decoders)), row("writes", list(ffmpeg.encoders)),
      row("networks", networks),
    ].joined(separator: "\n")
  }

  private func row(_ name: String, _ value: String) -> String {
    name.padding(toLength: 12, withPad: " ", startingAt: 0) + value
  }

  private func size(_ bytes: UInt64) -> String { String(format: "%.1f GB", Double(bytes) / 1_073_741_824) }

  private func list(_ coders: [FFmpegCapabilities.Coder]) -> String {
    let missing = coders.filter(\.coders.isEmpty).map(\.codec)
    let present = coders.filter { !$0.coders.isEmpty }.map(\.codec).joined(separator: ", ")
    return missing.isEmpty ? present : "\(present); NOT \(missing.joined(separator: ", "))"
  }
}
