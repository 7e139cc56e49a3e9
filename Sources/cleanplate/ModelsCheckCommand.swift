import ArgumentParser
import Foundation
import ModelLibrary
import NetworkParity
import NeuralRuntime
import VideoIO

struct ModelsCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Checks the models that were added, or compares the networks with the reference's results.",
    discussion: """
      Without --parity: that every added file is there, unchanged, and fits its network.
      With it: runs every case of a folder of parity data (manifest, cases, expected tensors), prints each output's error \
      and the worst, and exits with 1 where one is over its tolerance.

        cleanplate models check
        cleanplate models check --parity ../shared/parity
        cleanplate models check --parity ../shared/parity/siammask --case frame
      """)

  @Option(help: ArgumentHelp("A network's folder of parity data, or a folder of those.", valueName: "folder"))
  var parity: String?

  @Option(name: .customLong("case"), help: ArgumentHelp("Only cases whose names begin so.", valueName: "name"))
  var prefix: String?

  @Option(help: "Threads of the runtime.")
  var threads = 2

  @Option(help: ArgumentHelp("ONNX Runtime's library, or the folder that holds it.", valueName: "path"))
  var onnxruntime: String?

  func run() throws {
    let failed = try parity.map(runParity) ?? checkFiles()
    if failed > 0 { throw OverTolerance() }
  }

  /// - Returns: how many files are not what was added.
  private func checkFiles() throws -> Int {
    let entries = try ModelRegistry().entries()
    if entries.isEmpty { Terminal.say("no models were added") }
    return entries.count { entry in
      let problem = problem(entry)
      print("\(entry.model)  \(entry.path)  \(problem ?? "is as it was added")")
      return problem != nil
    }
  }

  private func problem(_ entry: ModelRegistry.Entry) -> String? {
    do {
      guard try ContentHash.sha256(file: entry.path) == entry.sha256 else { return "has changed since it was added" }
      let kind = try ModelRegistry.recognise(entry.path).kind
      return kind.name == entry.model ? nil : "is \(kind.title)"
    } catch {
      return "\(error)"
    }
  }

  /// - Returns: how many outputs are over their tolerance.
  private func runParity(_ path: String) throws -> Int {
    let folders = ParityFolder.networks(in: path)
    guard !folders.isEmpty else { throw ValidationError("\(path) holds no parity data") }
    let opened = try NeuralRuntime(explicit: onnxruntime)
    var results: [ParityResult] = []
    for path in folders {
      let folder = try ParityFolder(path)
      var run = try ParityRun(folder, runtime: opened, options: SessionOptions(threads: max(1, threads)))
      for parityCase in folder.cases where prefix.map(parityCase.name.hasPrefix) ?? true {
        let outcome = run.results(of: parityCase)
        for row in outcome { print(row.line) }
        results += outcome
      }
    }
    guard let worst = results.max(by: { $0.share < $1.share }) else { throw ValidationError("no case is named so") }
    let failed = results.count { !$0.passed }
    print("\(results.count) outputs, \(failed) over their tolerance; nearest to it or furthest over:\n\(worst.line)")
    return failed
  }
}

/// A network's results are further from the reference's than they may be, or a model's file is not what it was.
struct OverTolerance: Error {}

extension ParityResult {
  fileprivate var line: String {
    let own = "\(network)/\(caseName)/\(output)"
    let name = own.padding(toLength: max(56, own.count), withPad: " ", startingAt: 0)
    guard let note else {
      let most = maxOverDeviation.map { String(format: "  max/std %.1e", $0) } ?? ""
      return name + String(format: " %.1e of %.1e", error, limit) + most + (passed ? "" : "  OVER")
    }
    return "\(name) \(note)  OVER"
  }
}
