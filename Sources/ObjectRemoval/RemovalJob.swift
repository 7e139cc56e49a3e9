import Foundation
import Imaging
import VideoIO

/// The whole job: prompts or masks in, a clip without the object out.
///
/// A value that describes the work; `run` does it. What an interrupted run finished lies beside the output and is taken
/// up by the next run with the same input and settings.
public struct RemovalJob: Sendable {
  /// A video file, or a folder of images.
  public var input: String
  /// The clean film: a video by its extension, or a folder of PNG images. nil: only masks are made.
  public var output: String?
  /// Marks on any frames; the objects are tracked from them. Ignored where `masks` is given.
  public var prompts: [ObjectPrompt]
  /// Masks made elsewhere: a folder, a still image, a video or a zip.
  public var masks: String?
  /// Where the masks go: a folder, a zip, a matte or a mask video.
  public var maskOutput: String?
  /// Where the film with tinted objects goes.
  public var overlayOutput: String?
  /// Where what was done is written, frame by frame, as JSON.
  public var reportOutput: String?
  /// A folder that keeps tracks and fills from one job to the next; nil: beside the output, and gone once it stands.
  /// What a job finds there of the same input and settings it does not do again.
  public var workFolder: String?
  public var settings: RemovalSettings

  public init(
    input: String, output: String?, prompts: [ObjectPrompt] = [], masks: String? = nil, maskOutput: String? = nil,
    overlayOutput: String? = nil, reportOutput: String? = nil, workFolder: String? = nil,
    settings: RemovalSettings = RemovalSettings()
  ) {
    self.input = input
    self.output = output
    self.prompts = prompts
    self.masks = masks
    self.maskOutput = maskOutput
    self.overlayOutput = overlayOutput
    self.reportOutput = reportOutput
    self.workFolder = workFolder
    self.settings = settings
  }

  /// Masks made elsewhere, and boxes around still marks, say exactly what leaves: they need not grow.
  var masksAreExact: Bool {
    let areClicked = prompts.contains { prompt in
      switch prompt.shape {
      case .point, .avoid, .scribble: true
      case .box, .mask: false
      }
    }
    return masks != nil && !settings.masksAreTracked || settings.marksAreStill && !areClicked
  }

  /// Does the work on the calling thread, which must be neither an actor's nor an event loop's.
  /// - Throws: `RemovalError`, or the error of the module that failed; `CancellationError` soon after `cancellation`
  ///   was cancelled. What was finished stays beside the output for the next run.
  public func run(
    cancellation: Cancellation = Cancellation(), progress: ProgressHandler? = nil
  ) throws -> RemovalReport {
    try RemovalRun(job: self, cancellation: cancellation, progress: progress).run()
  }

  /// Does the work on a thread of its own; cancelling the task cancels the job.
  public func run(progress: ProgressHandler? = nil) async throws -> RemovalReport {
    let cancellation = Cancellation()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread {
          continuation.resume(with: Result { try run(cancellation: cancellation, progress: progress) })
        }
      }
    } onCancel: {
      cancellation.cancel()
    }
  }
}
