import ArgumentParser

struct ModelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models",
    abstract: "Networks and their weights.",
    subcommands: [ModelsCheckCommand.self])
}
