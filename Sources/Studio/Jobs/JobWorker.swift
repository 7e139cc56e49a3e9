import Foundation
import Imaging
import ObjectRemoval
import ProjectStore
import VideoIO

/// The worker's side of a job: reads its order, works, says how far it is, and ends.
final class JobWorker: Sendable {
  private let output: Int32
  private let cancellation = Cancellation()
  private let writing = NSLock()

  init(output: Int32) { self.output = output }

  func run(input: Int32) -> Int32 {
    guard let order = try? WorkerFraming.read(WorkOrder.self, from: input)?.message else { return 65 }
    WorkerLimits.job(order).apply()
    let interrupt = stopOnTermination()
    defer { interrupt.cancel() }
    do {
      tell(.result(try perform(order)))
      return 0
    } catch {
      tell(.failure(WorkerFailure(error, hiding: [order.input: order.name, order.folder: "the project's folder"])))
      return error is CancellationError ? 130 : 1
    }
  }

  private func stopOnTermination() -> any DispatchSourceSignal {
    signal(SIGTERM, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: SIGTERM, queue: .global())
    source.setEventHandler { [cancellation] in cancellation.cancel() }
    source.resume()
    return source
  }

  private func tell(_ message: WorkReportMessage) {
    writing.withLock { try? WorkerFraming.write(message, to: output) }
  }

  private var progress: ProgressHandler {
    { progress in
      self.tell(
        .progress(
          WorkProgress(
            stage: progress.stage.rawValue, done: progress.done, total: progress.total, rate: progress.rate,
            secondsLeft: progress.secondsLeft,
            finished: progress.finished.map { [$0.lowerBound, $0.upperBound] })))
    }
  }

  private func perform(_ order: WorkOrder) throws -> WorkResult {
    let folder = ProjectFolder(path: order.folder)
    switch order.kind {
    case .ingest: return try ingest(order, folder)
    case .track: return try track(order, folder)
    case .inpaint:
      var job = try filling(order, folder, order.range)
      let file = Job.Form.film.file(order.filmCodec)
      job.output = folder.outputs + "/" + file
      job.settings.encoding.codec = order.filmCodec
      return try fill(job, order, report: folder.fillReport, file: file)
    case .preview:
      var job = try filling(order, folder, order.range)
      job.output = folder.preview
      job.workFolder = folder.previewWork
      return try fill(job, order, report: nil, file: nil)
    case .export: return try export(order, folder)
    }
  }

  private func ingest(_ order: WorkOrder, _ folder: ProjectFolder) throws -> WorkResult {
    let job = IngestJob(
      input: order.input, film: folder.proxy, thumbnails: folder.thumbnails, settings: order.removalSettings)
    let result = try job.run(cancellation: cancellation, progress: progress)
    return WorkResult(cuts: result.cuts, warnings: result.warnings)
  }

  /// Tracks into the kept work folder, then writes the masks beside the old ones and puts them in their place.
  private func track(_ order: WorkOrder, _ folder: ProjectFolder) throws -> WorkResult {
    let fresh = folder.path + "/masks.new"
    try? FileManager.default.removeItem(atPath: fresh)
    var job = RemovalJob(
      input: order.input, output: nil, prompts: order.marks.map(\.prompt),
      maskOutput: fresh + "/", workFolder: folder.work, settings: order.removalSettings)
    job.settings.range = order.frames
    let report = try job.run(cancellation: cancellation, progress: progress)
    try write(report, to: folder.trackReport)
    try JSONEncoder().encode(order.marks.map { [$0.frame, $0.object] })
      .write(to: URL(fileURLWithPath: folder.anchors), options: .atomic)
    try replaceMasks(folder, by: fresh)
    let followed = report.frames.reduce(into: Set<Int>()) { $0.formUnion($1.confidence.keys.compactMap { Int($0) }) }
    return WorkResult(frames: order.range, objects: followed.sorted(), warnings: report.warnings)
  }

  /// Two renames: a reader finds the old masks or the new ones.
  private func replaceMasks(_ folder: ProjectFolder, by fresh: String) throws {
    let old = folder.path + "/masks.old"
    try? FileManager.default.removeItem(atPath: old)
    try? FileManager.default.moveItem(atPath: folder.masks, toPath: old)
    try FileManager.default.moveItem(atPath: fresh, toPath: folder.masks)
    try? FileManager.default.removeItem(atPath: old)
  }

  /// A job that fills what the masks cover; its output is still to be named.
  private func filling(_ order: WorkOrder, _ folder: ProjectFolder, _ range: [Int]) throws -> RemovalJob {
    var job = RemovalJob(
      input: order.input, output: nil, masks: folder.masks, workFolder: folder.work, settings: order.removalSettings)
    job.settings.range = try masked(order, folder)
    job.settings.objects = Set(order.objects)
    // The masks come from the tracker: they are grown as tracked masks are.
    job.settings.masksAreTracked = true
    return job
  }

  /// The frames asked for that have masks.
  private func masked(_ order: WorkOrder, _ folder: ProjectFolder) throws -> ClosedRange<Int> {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.masks)) ?? []
    let numbers = names.compactMap { Int($0.prefix { $0 != "." }) }
    guard let first = numbers.min(), let last = numbers.max(), max(first, order.range[0]) <= min(last, order.range[1])
    else { throw WorkerFailure(.badRequest, "these frames have no masks yet; track them first") }
    return max(first, order.range[0])...min(last, order.range[1])
  }

  private func fill(_ job: RemovalJob, _ order: WorkOrder, report path: String?, file: String?) throws -> WorkResult {
    let report = try job.run(cancellation: cancellation, progress: progress)
    if let path { try write(report, to: path) }
    let range = job.settings.range ?? order.frames
    if let output = job.output { try OutputCheck.film(output, frames: range.count, limits: order.limits) }
    return WorkResult(frames: [range.lowerBound, range.upperBound], file: file, warnings: report.warnings)
  }

  private func export(_ order: WorkOrder, _ folder: ProjectFolder) throws -> WorkResult {
    guard let form = order.form else { throw WorkerFailure(.badRequest, "the export has no form") }
    var job = try filling(order, folder, order.range)
    let file = form.file(order.filmCodec)
    let path = folder.outputs + "/" + file
    switch form {
    case .maskedFilm: job.overlayOutput = path
    case .maskZip, .matte: job.maskOutput = path
    case .film, .lossless, .pictureZip: job.output = path
    }
    if form == .film { job.settings.encoding.codec = order.filmCodec }
    if form == .lossless { job.settings.encoding = EncodeSettings(codec: .ffv1) }
    if form == .pictureZip { job.settings.encoding = EncodeSettings(codec: .png) }
    let report = try job.run(cancellation: cancellation, progress: progress)
    let count = job.settings.range?.count ?? order.frames.count
    switch form {
    case .maskZip: try OutputCheck.masks(path, range: job.settings.range ?? order.frames, of: order)
    case .pictureZip: try OutputCheck.zip(path)
    default: try OutputCheck.film(path, frames: count, limits: order.limits)
    }
    return WorkResult(frames: order.range, file: file, warnings: report.warnings)
  }

  private func write(_ report: RemovalReport, to path: String) throws {
    try JSONEncoder().encode(report).write(to: URL(fileURLWithPath: path), options: .atomic)
  }
}
