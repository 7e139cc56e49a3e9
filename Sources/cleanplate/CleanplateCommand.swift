import ArgumentParser
import Foundation

struct CleanplateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cleanplate",
    abstract: "Takes an object out of a video.",
    discussion: """
      Mark the object in any frame; it is followed through the clip and the picture behind it is put back. Everything \
      outside the mask, the sound, the timestamps and the colour tags stay as they are.

        cleanplate remove in.mp4 --point 420,310 --output out.mp4
        cleanplate remove in.mp4 --box 610,40,200,80@12 --output out.mov
        cleanplate track in.mp4 --point 420,310 --output masks/
        cleanplate inpaint in.mp4 --masks masks/ --output out.mkv

      Exit codes: 0 done, 2 usage, 65 bad input, 74 input or output failed, 130 cancelled, 70 a fault of ours.
      """,
    version: Version.text,
    subcommands: [
      RemoveCommand.self, SegmentCommand.self, TrackCommand.self, InpaintCommand.self, EvaluateCommand.self,
      DemoCommand.self, ModelsCommand.self, InfoCommand.self, DoctorCommand.self, StudioCommand.self,
      StudioWorkerCommand.self,
    ])
}

enum Version {
  static let text = "0.1.0"
}

@main
enum Main {
  static func main() async {
    signal(SIGPIPE, SIG_IGN)
    do {
      var command = try CleanplateCommand.parseAsRoot()
      if var served = command as? any AsyncParsableCommand {
        try await served.run()
      } else {
        try command.run()
      }
    } catch {
      Failure(error).exit()
    }
  }
}
