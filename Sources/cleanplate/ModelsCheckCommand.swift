import ArgumentParser
import Foundation
import NetworkParity
import NeuralRuntime

struct ModelsCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Compares the networks with the reference's results.",
    discussion: """
      Runs every case of a folder of parity data (manifest, cases, expected tensors), prints each output's error and the \
      worst, and exits with 1 where one is over its tolerance.

        cleanplate models check --parity ../shared/parity
        cleanplate models check --parity ../shared/parity/siammask --case frame
      """)

  @Option(help: ArgumentHelp("A network's folder of parity data, or a folder of those.", valueName: "folder"))
  var parity: String

  @Option(name: .customLong("case"), help: ArgumentHelp("Only cases whose names begin so.", valueName: "name"))
  var prefix: String?

  @Option(help: "Threads of the runtime.")
  var threads = 2

  @OptionGroup var runtime: RuntimeOptions

  func run() throws {
    let folders = ParityFolder.networks(in: parity)
    guard !folders.isEmpty else { throw ValidationError("\(parity) holds no parity data") }
    let opened = try NeuralRuntime(explicit: runtime.onnxruntime)
    var results: [ParityResult] = []
    for path in folders {
      let folder = try ParityFolder(path)
      var run = try ParityRun(folder, runtime: opened, options: SessionOptions(threads: max(1, threads)))
      for parityCase in folder.cases where prefix.map(parityCase.name.hasPrefix) ?? true {
        let outcome = run.results(of: parityCase)
        outcome.forEach { print($0.line) }
        results += outcome
      }
    }
    guard let worst = results.max(by: { $0.share < $1.share }) else {
      throw ValidationError("no case is named so")
    }
    let failed = results.count { !$0.passed }
    print("\(results.count) outputs, \(failed) over their tolerance; nearest to it or furthest over:\n\(worst.line)")
    if failed > 0 { throw OverTolerance() }
  }
}

/// A network's results are further from the reference's than they may be.
struct OverTolerance: Error {}

/// Where ONNX Runtime is.
struct RuntimeOptions: ParsableArguments {
  @Option(help: ArgumentHelp("ONNX Runtime's library, or the folder that holds it.", valueName: "path"))
  var onnxruntime: String?
}

extension ParityResult {
  fileprivate var line: String {
    let name = "\(network)/\(caseName)/\(output)".padding(toLength: 56, withPad: " ", startingAt: 0)
    guard let note else {
      let most = maxOverDeviation.map { String(format: "  max/std %.1e", $0) } ?? ""
      return name + String(format: " %.1e of %.1e", error, limit) + most + (passed ? "" : "  OVER")
    }
    return "\(name) \(note)  OVER"
  }
}
