import Foundation
import ObjectRemoval
import VideoIO

extension WorkerFailure {
  /// - Parameter hidden: paths that the person must not see, with the names to show in their place.
  init(_ error: any Error, hiding hidden: [String: String] = [:]) {
    var (code, message) = Self.meaning(of: error)
    for (path, name) in hidden.sorted(by: { $0.key.count > $1.key.count }) {
      message = message.replacingOccurrences(of: path, with: name)
    }
    if code == .fault { message = "internal fault: \(message)" }
    self.init(code, message)
  }

  private static func meaning(of error: any Error) -> (Code, String) {
    switch error {
    case let error as WorkerFailure: (error.code, error.message)
    case is CancellationError: (.cancelled, "cancelled")
    case let error as VideoIOError: (code(of: error), error.description)
    case let error as RemovalError: (code(of: error), error.description)
    default: (.fault, "\(error)")
    }
  }

  private static func code(of error: VideoIOError) -> Code {
    switch error.code {
    case .overLimit: .tooLarge
    case .cannotWrite, .exists: .disk
    case .internalFault: .fault
    default: .notMedia
    }
  }

  private static func code(of error: RemovalError) -> Code {
    switch error.code {
    case .badRequest, .unknownEngine: .badRequest
    case .nothingMarked: .nothingMarked
    case .memory: .memory
    case .busy, .workFolder: .disk
    }
  }
}
