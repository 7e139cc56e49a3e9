import ArgumentParser
import Foundation
import NeuralRuntime

/// Where the networks among the engines come from, and what computes them.
struct NetworkOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("A network's checkpoint, where it was not added with 'models add'.", valueName: "file"),
    completion: .file())
  var weights: [String] = []

  func validate() throws {
    for file in weights where !FileManager.default.fileExists(atPath: file) {
      throw ValidationError("--weights \(file): there is no such file")
    }
  }

  @Option(help: ArgumentHelp("ONNX Runtime's library, or the folder that holds it.", valueName: "path"))
  var onnxruntime: String?

  @Option(
    help: ArgumentHelp(
      "What computes networks: \(ProviderChoice.names.joined(separator: ", ")). Where it cannot, the processor does.",
      valueName: "name"))
  var provider = ProviderChoice.auto
}
