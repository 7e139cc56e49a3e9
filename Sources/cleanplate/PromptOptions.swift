import ArgumentParser
import ObjectRemoval

/// Marks on frames. Each may be given again and again.
struct PromptOptions: ParsableArguments {
  @Option(help: ArgumentHelp("A pixel of the object.", valueName: "X,Y[@FRAME][#OBJECT]"))
  var point: [String] = []

  @Option(help: ArgumentHelp("A pixel that does not belong to the object.", valueName: "X,Y[@FRAME][#OBJECT]"))
  var avoid: [String] = []

  @Option(help: ArgumentHelp("A box around the object.", valueName: "X,Y,W,H[@FRAME][#OBJECT]"))
  var box: [String] = []

  @Option(help: ArgumentHelp("A mask of the objects on a frame.", valueName: "FILE[@FRAME]"), completion: .file())
  var mask: [String] = []

  @Option(help: "A JSON file of prompts.", completion: .file(extensions: ["json"]))
  var prompts: String?

  var isEmpty: Bool { point.isEmpty && avoid.isEmpty && box.isEmpty && mask.isEmpty && prompts == nil }

  func parsed() throws -> [ObjectPrompt] {
    var all = try prompts.map { try PromptFile.read($0) } ?? []
    all += try point.map { try ObjectPrompt(parsing: $0, as: .point) }
    all += try avoid.map { try ObjectPrompt(parsing: $0, as: .avoid) }
    all += try box.map { try ObjectPrompt(parsing: $0, as: .box) }
    all += mask.map { ObjectPrompt(parsingMask: $0) }
    guard !all.isEmpty else {
      throw RemovalError(.badRequest, "nothing is marked: give --point, --box, --mask or --prompts")
    }
    return all
  }
}
