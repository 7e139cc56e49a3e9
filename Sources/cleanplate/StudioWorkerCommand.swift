import ArgumentParser
import Foundation
import Studio

/// What the studio starts for itself.
struct StudioWorkerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "studio-worker", abstract: "Serves the studio from a process of its own.", shouldDisplay: false)

  @Argument var mode: StudioWorker.Mode

  func run() throws {
    Foundation.exit(StudioWorker.run(mode))
  }
}

extension StudioWorker.Mode: ExpressibleByArgument {}
