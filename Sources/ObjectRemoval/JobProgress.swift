import Foundation
import Imaging

/// Where a job stands.
public struct JobProgress: Sendable, Equatable {
  public enum Stage: String, Sendable, Codable, CaseIterable {
    case scan, select, track, shadow, fill, encode
  }

  public let stage: Stage
  /// Frames done of the stage; parts of a frame while a window is filled.
  public let done: Double
  public let total: Int
  /// Frames a second since the stage began; 0 before the first.
  public let rate: Double
  /// Seconds left of the stage; nil while nothing can be said.
  public let secondsLeft: Double?
  /// Frames whose result was kept since the last report: their masks, or what fills them, can be looked at.
  public let finished: ClosedRange<Int>?
}

public typealias ProgressHandler = @Sendable (JobProgress) -> Void

/// Times the stages and passes progress on, at most ten times a second.
final class ProgressMeter {
  private let handler: ProgressHandler?
  private let cancellation: Cancellation
  private var stage = JobProgress.Stage.scan
  private var total = 0
  private var started = ContinuousClock.now
  private var lastReport: ContinuousClock.Instant?
  /// Frames that were there from an interrupted run: they say nothing of the rate.
  private var inherited = 0.0
  /// Frames of all stages that an earlier run had done.
  private(set) var inheritedFrames = 0
  private(set) var seconds: [JobProgress.Stage: Double] = [:]
  private var finished: ClosedRange<Int>?
  private var done = 0.0

  init(cancellation: Cancellation, handler: ProgressHandler?) {
    self.cancellation = cancellation
    self.handler = handler
  }

  func stage<Result>(_ stage: JobProgress.Stage, frames: Int, _ body: () throws -> Result) throws -> Result {
    try cancellation.check()
    self.stage = stage
    total = frames
    inherited = 0
    started = .now
    lastReport = nil
    report(0)
    defer { seconds[stage, default: 0] += Self.seconds(since: started) }
    let result = try body()
    lastReport = nil
    report(Double(total))
    return result
  }

  /// - Throws: `CancellationError` once the job was cancelled.
  func advance(to done: Double) throws {
    try cancellation.check()
    report(done)
  }

  /// Counts `frames` as done by an earlier run.
  func inherit(_ frames: Int) {
    inherited += Double(frames)
    inheritedFrames += frames
  }

  /// Notes frames that have a result, to be told with the next report.
  func finish(_ frames: ClosedRange<Int>) {
    if let known = finished, known.upperBound < frames.lowerBound - 1 || known.lowerBound > frames.upperBound + 1 {
      lastReport = nil
      report(done)
    }
    finished = finished.map { min($0.lowerBound, frames.lowerBound)...max($0.upperBound, frames.upperBound) } ?? frames
  }

  func report(_ done: Double) {
    self.done = done
    guard let handler else { return }
    let now = ContinuousClock.now
    if let lastReport, now - lastReport < .milliseconds(100) { return }
    lastReport = now
    let elapsed = Self.seconds(since: started)
    let fresh = max(0, done - inherited)
    let rate = elapsed > 0.05 ? fresh / elapsed : 0
    let left = rate > 0 ? max(0, Double(total) - done) / rate : nil
    handler(
      JobProgress(stage: stage, done: done, total: total, rate: rate, secondsLeft: left, finished: finished))
    finished = nil
  }

  private static func seconds(since start: ContinuousClock.Instant) -> Double {
    let parts = (ContinuousClock.now - start).components
    return Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
  }
}
