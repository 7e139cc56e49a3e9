import ArgumentParser
import NetworkParity

struct ModelsFormulaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "formula",
    abstract: "Writes a checkpoint of made-up weights for a network's parity data; its answers mean nothing.",
    discussion: """
      For measuring and testing the machinery where no trained weights are at hand.

        cleanplate models formula ../shared/parity/sam_vit_b sam.safetensors
      """,
    shouldDisplay: false)

  @Argument(help: "A network's folder of parity data.", completion: .directory)
  var folder: String

  @Argument(help: "The .safetensors file to write.", completion: .file())
  var output: String

  func run() throws { try ParityFolder(folder).writeWeights(to: output) }
}
