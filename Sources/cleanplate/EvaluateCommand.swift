import ArgumentParser

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Scores results as the papers define the scores.",
    discussion: """
        cleanplate evaluate video truth/ out/ --masks masks/
        cleanplate evaluate masks annotations/ tracked/
        cleanplate evaluate clicks frames/ annotations/
      """,
    subcommands: [EvaluateVideoCommand.self, EvaluateMasksCommand.self, EvaluateClicksCommand.self])
}
