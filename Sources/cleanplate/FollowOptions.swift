import ArgumentParser
import ObjectRemoval

/// How objects are followed through the clip.
struct FollowOptions: ParsableArguments {
  @Option(help: "Which way objects are followed from their marks.")
  var direction = TrackDirection.both

  @Flag(help: "Look for the objects again in the shots after a cut; otherwise a shot without marks stays as it is.")
  var acrossCuts = false

  @Option(
    help: ArgumentHelp(
      "Look every so many frames for objects that are not marked, and follow them too.", valueName: "frames"))
  var samGap: Int?

  @Option(help: ArgumentHelp("Every how many frames one enters the tracker's long-term memory.", valueName: "frames"))
  var memoryGap = 5

  @Option(help: ArgumentHelp("How many frames the tracker's long-term memory holds.", valueName: "frames"))
  var memoryLength = 60

  @Option(
    help: ArgumentHelp(
      "Mattes with soft edges (hair, blur) within so many pixels of the outlines, in place of label maps.", valueName: "px"))
  var matte: Int?

  func validate() throws {
    if let samGap, !(1...100_000 ~= samGap) { throw ValidationError("--sam-gap is 1 to 100000 frames") }
    guard 1...100_000 ~= memoryGap else { throw ValidationError("--memory-gap is 1 to 100000 frames") }
    guard 0...10_000 ~= memoryLength else { throw ValidationError("--memory-length is 0 to 10000 frames") }
    if let matte, !(1...200 ~= matte) { throw ValidationError("--matte is 1 to 200 pixels") }
  }

  func apply(to settings: inout RemovalSettings) {
    settings.direction = direction
    settings.crossesCuts = acrossCuts
    settings.proposalGap = samGap
    settings.memoryGap = memoryGap
    settings.memoryLength = memoryLength
    settings.matteReach = matte
  }
}

extension TrackDirection: ExpressibleByArgument {}
