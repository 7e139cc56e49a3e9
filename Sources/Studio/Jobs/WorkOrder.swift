import ObjectRemoval
import ProjectStore
import VideoIO

/// All that a job worker needs to know. The first message that it gets.
struct WorkOrder: Codable, Sendable {
  struct Mark: Codable, Sendable {
    var frame: Int
    var object: Int
    /// A label map in which the object has its label.
    var path: String
    /// x, y, width, height of a box that stands for a still mark by itself.
    var box: [Int]?
  }

  var kind: Job.Kind
  var form: Job.Form?
  /// First and last frame.
  var range: [Int]
  var direction: Job.Direction
  var frame: Int?
  var input: String
  /// What messages call the input.
  var name: String
  /// The project's folder.
  var folder: String
  var marks: [Mark]
  /// Labels that take part.
  var objects: [Int]
  var settings: ProjectSettings
  var engines: EngineChoice
  var memory: Int
  var threads: Int
  var limits: MediaLimits
  /// The largest file that may be written.
  var fileBytes: Int
}

/// What a job worker says while it works, and last of all.
enum WorkReportMessage: Codable, Sendable {
  case progress(WorkProgress)
  case result(WorkResult)
  case failure(WorkerFailure)
}

struct WorkProgress: Codable, Sendable, Equatable {
  var stage: String
  var done: Double
  var total: Int
  var rate: Double
  var secondsLeft: Double?
  /// Frames that have a result since the last message: first and last.
  var finished: [Int]?
}

struct WorkResult: Codable, Sendable, Equatable {
  /// First frames of new shots, where the clip was looked through.
  var cuts: [Int]?
  /// Frames that were worked on: first and last.
  var frames: [Int]?
  /// Labels that were followed; more than were marked where newcomers were looked for.
  var objects: [Int]?
  /// The file that was made and checked, in the folder of outputs.
  var file: String?
  var warnings: [String] = []
}
