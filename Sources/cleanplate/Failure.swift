import ArgumentParser
import Foundation
import Imaging
import Inpainting
import ModelLibrary
import NetworkParity
import NeuralGraph
import NeuralRuntime
import ObjectRemoval
import ProjectStore
import Segmentation
import Tracking
import VideoIO

/// How a failed command ends: its exit code and the one sentence on stderr.
struct Failure {
  enum Code: Int32 {
    case done = 0
    case overTolerance = 1
    case usage = 2
    case badInput = 65
    case ourFault = 70
    case inputOutput = 74
    case cancelled = 130
  }

  let code: Code
  let sentence: String

  init(_ error: any Error) {
    switch error {
    case is CancellationError:
      (code, sentence) = (.cancelled, "cancelled; run the same command again to go on from here")
    case let error as VideoIOError:
      (code, sentence) = (Self.code(of: error), error.description)
    case let error as RemovalError:
      (code, sentence) = (Self.code(of: error), error.description)
    case let error as InpaintingError where error.code == .memory:
      (code, sentence) = (.usage, error.description)
    case let error as SegmentationError:
      (code, sentence) = (.usage, error.description)
    case let error as TrackingError where error.code == .missingMask:
      (code, sentence) = (.usage, error.description)
    case is ImagingError, is InpaintingError, is TrackingError:
      (code, sentence) = (.ourFault, "internal fault: \(error)")
    case let error as NeuralError where error.code == .noRuntime:
      (code, sentence) = (.usage, error.description)
    case let error as NeuralError where error.code == .badModel:
      (code, sentence) = (.badInput, error.description)
    case let error as ModelError:
      (code, sentence) = (Self.code(of: error), error.description)
    case is OverTolerance:
      (code, sentence) = (.overTolerance, "")
    case is CheckpointError, is GraphError, is ParityError:
      (code, sentence) = (.badInput, "\(error)")
    case let error as StudioFailure:
      (code, sentence) = (.inputOutput, error.sentence)
    case let error as ProjectStoreError:
      (code, sentence) = (.inputOutput, error.description)
    case let error as BadInput:
      (code, sentence) = (.badInput, error.sentence)
    case let error as CocoaError:
      (code, sentence) = (.inputOutput, error.localizedDescription)
    default:
      (code, sentence) = Self.parsed(error)
    }
  }

  private static func code(of error: VideoIOError) -> Code {
    switch error.code {
    case .cannotOpen, .cannotWrite: .inputOutput
    case .refused, .overLimit, .badData, .noVideo, .unsupported, .mismatch: .badInput
    case .container, .exists, .badRequest: .usage
    case .internalFault: .ourFault
    }
  }

  private static func code(of error: RemovalError) -> Code {
    switch error.code {
    case .badRequest, .memory, .unknownEngine: .usage
    case .nothingMarked: .badInput
    case .busy, .workFolder: .inputOutput
    }
  }

  private static func code(of error: ModelError) -> Code {
    switch error.code {
    case .unknown: .usage
    case .notRecognised: .badInput
    case .file, .download: .inputOutput
    }
  }

  /// What swift-argument-parser throws: help and version end well, the rest is usage.
  private static func parsed(_ error: any Error) -> (Code, String) {
    let text = CleanplateCommand.fullMessage(for: error)
    switch CleanplateCommand.exitCode(for: error) {
    case .success: return (.done, text)
    case .validationFailure: return (.usage, text)
    default: return error is ExitCode ? (.ourFault, "") : (.ourFault, "internal fault: \(error)")
    }
  }

  func exit() -> Never {
    if code == .done {
      print(sentence)
    } else if !sentence.isEmpty {
      Terminal.say(sentence.hasPrefix("Error:") ? sentence : "cleanplate: \(sentence)")
    }
    Foundation.exit(code.rawValue)
  }
}

/// The work is done as far as the input went, and the input was bad.
struct BadInput: Error {
  let sentence: String
}
