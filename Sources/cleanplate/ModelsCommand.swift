import ArgumentParser
import Foundation
import ModelLibrary
import ObjectRemoval

struct ModelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models",
    abstract: "Networks and their weights.",
    discussion: """
      Networks run from their authors' own files. Nothing is downloaded unless asked for.

        cleanplate models list
        cleanplate models add sam_vit_b_01ec64.pth
        cleanplate models fetch sam_vit_b
        cleanplate segment in.mp4 --segmenter sam --point 420,310 --output mask.png
      """,
    subcommands: [
      ModelsListCommand.self, ModelsAddCommand.self, ModelsRemoveCommand.self, ModelsWhereCommand.self,
      ModelsFetchCommand.self, ModelsCheckCommand.self, ModelsFormulaCommand.self,
      ModelsTimeCommand.self,
    ])
}

struct ModelsListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Prints the models that are known, and which of them were added.")

  @Flag(help: "Print JSON.")
  var json = false

  private struct Row: Encodable {
    var name: String
    var title: String
    var role: String
    var engine: String
    var licence: String?
    var nonCommercial: Bool
    var page: String
    var files: [ModelRegistry.Entry]
  }

  func run() throws {
    let entries = try ModelRegistry().entries()
    let rows = ModelKind.all.map { kind in
      Row(
        name: kind.name, title: kind.title, role: kind.role.rawValue, engine: kind.engine, licence: kind.licence,
        nonCommercial: kind.isNonCommercial, page: kind.page, files: entries.filter { $0.model == kind.name })
    }
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      print(String(decoding: try encoder.encode(rows), as: UTF8.self))
      return
    }
    for (kind, row) in zip(ModelKind.all, rows) {
      let name = kind.name.padding(toLength: 18, withPad: " ", startingAt: 0)
      print("\(name)--\(kind.role.rawValue) \(kind.engine); \(kind.licenceSentence); \(kind.page)")
      for file in row.files { print("  \(file.path) (\(MemoryForecast.text(file.size)))") }
    }
  }
}

struct ModelsAddCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Adds checkpoint files, recognised by what they hold.",
    discussion:
      "A .pth, .pt or .safetensors file as its authors publish it. Nothing in it is executed; it stays where it is.")

  @Argument(help: "The files.", completion: .file())
  var files: [String]

  func run() throws {
    for file in files {
      let entry = try ModelRegistry().add(file)
      guard let kind = entry.kind else { continue }
      Terminal.say("\(file) is \(kind.title), for --\(kind.role.rawValue) \(kind.engine); \(kind.licenceSentence)")
      print(entry.model)
    }
  }
}

struct ModelsRemoveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Forgets a model; its file stays.")

  @Argument(help: "Its name, or its file.")
  var name: String

  func run() throws {
    for entry in try ModelRegistry().remove(name) { print(entry.path) }
  }
}

struct ModelsWhereCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "where", abstract: "Prints where a model's file is, or where models are kept.")

  @Argument(help: "A model's name.")
  var name: String?

  func run() throws {
    let registry = ModelRegistry()
    guard let name else { return print(registry.folder) }
    let entries = try registry.entries().filter { $0.model == name || $0.kind?.engine == name }
    guard !entries.isEmpty else { throw ModelError(.unknown, "no model called \(name) was added") }
    for entry in entries { print(entry.path) }
  }
}

struct ModelsFetchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch",
    abstract: "Downloads a model's file from its authors, and adds it.",
    discussion:
      "A download that broke off goes on where it stopped. What came is checked against the hash where one is known.")

  @Argument(help: "The model's name, as 'models list' prints it.")
  var name: String

  func run() throws {
    guard let kind = ModelKind.named(name) else {
      throw ModelError(.unknown, "no model is called \(name); see 'cleanplate models list'")
    }
    Terminal.say("\(kind.title): \(kind.licenceSentence); from \(kind.page)")
    let registry = ModelRegistry()
    let path = try ModelFetch.fetch(kind, into: registry.folder)
    let entry = try registry.add(path)
    guard entry.model == kind.name else {
      throw ModelError(.notRecognised, "\(path) is not \(kind.title) but \(entry.kind?.title ?? entry.model)")
    }
    print(path)
  }
}
