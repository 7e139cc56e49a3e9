import ObjectRemoval
import ProjectStore
import VideoIO

/// What the server asks of a session worker. The first request opens the clip.
struct SessionRequest: Codable, Sendable {
  enum Operation: Codable, Sendable {
    case open(SessionOpening)
    case picture(frame: Int, width: Int?, form: PictureForm)
    case clean(frame: Int, width: Int?, form: PictureForm, workFolders: [String])
    case prepare(frame: Int)
    /// Answers a prompt with the candidate that it takes, and keeps that one in a file, for the tracker.
    case select(SessionSelection, keep: String)
    /// What else the prompt may mean; refused where another prompt of that object on that frame came later, or many ask.
    case candidates(SessionSelection)
    /// Finds objects and keeps them as marks of the labels given, in the project's folder.
    case propose(frame: Int, perSide: Int, labels: [Int], folder: String)
    /// Label maps laid over one another, the first at the bottom.
    case compose(masks: [String])
    /// - masks: the folder of the masks that were tracked, if any.
    case forecast(memory: Int, masks: String, range: [Int])
  }

  var id: Int
  var operation: Operation
}

enum PictureForm: String, Codable, Sendable { case jpg, png }

struct SessionOpening: Codable, Sendable {
  var path: String
  /// What messages call the file.
  var name: String
  var frameRate: Rational?
  var limits: MediaLimits
  /// Bytes for prepared frames and decoded ones.
  var memory: Int
  var threads: Int
  var engines: EngineChoice
  /// Where prepared frames may lie from one session to the next, and how many bytes of them.
  var preparedFolder: String
  var preparedBytes: Int
}

struct SessionSelection: Codable, Sendable {
  var prompt: Prompt
  var still: Bool
  /// A label map that the prompt corrects.
  var prior: String?
}

/// What a session worker answers; pictures are the payload.
struct SessionAnswer: Codable, Sendable {
  var id: Int
  var failure: WorkerFailure?
  var info: MediaInfo?
  var candidates: [Candidate] = []
  var chosen = 0
  var milliseconds = 0.0
  /// A point on each proposed object.
  var points: [[Int]] = []
  var forecast: [ForecastRow] = []

  struct Candidate: Codable, Sendable {
    var score: Float
    var pixels: Int
  }

  init(id: Int) { self.id = id }
}

/// What a removal at one scale takes on this machine.
struct ForecastRow: Codable, Sendable, Equatable {
  var resize: Double
  var width: Int
  var height: Int
  var memoryBytes: Int
  var seconds: Double
  var fits: Bool
}
