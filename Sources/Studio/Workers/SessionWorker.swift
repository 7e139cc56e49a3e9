import Foundation
import Imaging
import ObjectRemoval
import ProjectStore
import VideoIO

/// The worker's side of a session: one clip, opened once, answering until standard input ends.
final class SessionWorker: @unchecked Sendable {
  private let output: Int32
  private let writing = NSLock()
  /// Set by the first request, before any other is looked at.
  private var session: ClipSession?
  private var opening: SessionOpening?
  /// Decoding goes one after the other anyway.
  private let pictures = DispatchQueue(label: "pictures")
  /// As many at a time as there are cores: more would only hold more memory.
  private let answers = OperationQueue()
  private let preparing = DispatchQueue(label: "preparing")
  private let candidates = CandidateQueue()

  init(output: Int32) {
    self.output = output
    answers.maxConcurrentOperationCount = RemovalSettings.availableThreads
  }

  func run(input: Int32) {
    while let (request, _) = try? WorkerFraming.read(SessionRequest.self, from: input) {
      switch request.operation {
      case .open: answer(request)
      case .picture, .clean: pictures.async { self.answer(request) }
      case .prepare, .propose: preparing.async { self.answer(request) }
      case .select(let selection, _):
        candidates.came(selection.prompt)
        answers.addOperation { self.answer(request) }
      case .candidates(let selection): candidates.add(selection.prompt) { self.answer(request, refusal: $0) }
      case .compose, .forecast: answers.addOperation { self.answer(request) }
      }
    }
  }

  private func answer(_ request: SessionRequest, refusal: WorkerFailure? = nil) {
    var answer = SessionAnswer(id: request.id)
    var payload: [UInt8] = []
    do {
      if let refusal { throw refusal }
      payload = try perform(request.operation, &answer)
    } catch {
      answer.failure = WorkerFailure(error, hiding: opening.map { [$0.path: $0.name] } ?? [:])
    }
    // A server that is gone needs no answer.
    writing.withLock { try? WorkerFraming.write(answer, payload, to: output) }
  }

  private func perform(_ operation: SessionRequest.Operation, _ answer: inout SessionAnswer) throws -> [UInt8] {
    switch operation {
    case .open(let opening):
      answer.info = try open(opening)
      return []
    case .picture(let frame, let width, let form):
      return try Self.bytes(opened().picture(frame), width, form)
    case .clean(let frame, let width, let form, let folders):
      for folder in folders {
        guard let picture = try opened().cleanPicture(frame, workFolder: folder) else { continue }
        return try Self.bytes(picture, width, form)
      }
      return try Self.bytes(opened().picture(frame), width, form)
    case .prepare(let frame):
      try opened().prepare(frame)
      return []
    case .select(let selection, let keep):
      return try select(selection, keep: keep, &answer)
    case .candidates(let selection):
      try tell(answers(to: selection, limit: max(Self.offered, selection.prompt.candidate + 1)), selection, &answer)
      return []
    case .propose(let frame, let perSide, let labels, let folder):
      let found = try opened().proposals(on: frame, pointsPerSide: perSide, atMost: labels.count)
      for (label, proposal) in zip(labels, found) {
        let mark = ProjectFolder(path: folder).mark(frame: frame, object: label)
        try Self.keep(proposal.answer.coverage, as: label, at: mark)
      }
      answer.points = found.map { [$0.point.x, $0.point.y] }
      return []
    case .compose(let paths):
      return try compose(paths)
    case .forecast(let memory, let masks, let range):
      answer.forecast = ForecastRow.rows(
        for: try opened().info, engines: opening?.engines ?? EngineChoice(), memory: memory, masks: masks,
        range: range[0]...range[1])
      return []
    }
  }

  private func open(_ opening: SessionOpening) throws -> MediaInfo {
    self.opening = opening
    var settings = RemovalSettings(threads: opening.threads)
    settings.limits = opening.limits
    settings.memory = opening.memory
    settings.frameRate = opening.frameRate
    opening.engines.apply(to: &settings)
    let session = try ClipSession(
      input: opening.path, settings: settings, preparedBytes: opening.memory * 2 / 3,
      kept: KeptFrames(folder: opening.preparedFolder, bound: opening.preparedBytes))
    // A file that has an index and no picture is none that a person can work on.
    _ = try session.picture(0)
    self.session = session
    return session.info
  }

  private func opened() throws -> ClipSession {
    guard let session else { throw WorkerFailure(.fault, "no clip is open") }
    return session
  }

  private func select(_ selection: SessionSelection, keep: String, _ answer: inout SessionAnswer) throws -> [UInt8] {
    let start = ContinuousClock.now
    let found = try answers(to: selection, limit: selection.prompt.candidate + 1)
    tell(found, selection, &answer)
    let chosen = found[answer.chosen]
    try Self.keep(chosen.coverage, as: selection.prompt.object, at: keep)
    let bytes = try StillImage.pngBytes(chosen.coverage)
    answer.milliseconds = (ContinuousClock.now - start) / .milliseconds(1)
    return bytes
  }

  private func answers(to selection: SessionSelection, limit: Int) throws -> [ClipSession.Answer] {
    let prompt = selection.prompt
    let label = UInt8(clamping: prompt.object)
    return try opened().answers(
      to: prompt.objectPrompts, on: prompt.frame,
      prior: selection.prior.flatMap { try? MaskFile.read($0).coverage(of: label) }, still: selection.still,
      limit: limit)
  }

  private func tell(_ found: [ClipSession.Answer], _ selection: SessionSelection, _ answer: inout SessionAnswer) {
    answer.chosen = min(max(0, selection.prompt.candidate), found.count - 1)
    answer.candidates = found.map { SessionAnswer.Candidate(score: $0.score, pixels: $0.pixels) }
  }

  /// Not brought to the disk at once: a click must not wait for it, and what is lost is made again.
  private static func keep(_ coverage: Plane<UInt8>, as object: Int, at path: String) throws {
    let label = UInt8(clamping: object)
    let mask = try MaskFile.pngBytes(Mask(labels: coverage.map { $0 != 0 ? label : 0 }))
    try Data(mask).write(to: URL(fileURLWithPath: path), options: .atomic)
  }

  /// Answers to step through.
  private static let offered = 4

  private func compose(_ paths: [String]) throws -> [UInt8] {
    let info = try opened().info
    var whole = Mask(width: info.displayedWidth, height: info.displayedHeight)
    for path in paths {
      // A mark may be taken back while it is read.
      guard let mask = try? MaskFile.read(path), mask.width == whole.width, mask.height == whole.height else {
        continue
      }
      for i in mask.labels.samples.indices where mask.labels.samples[i] != 0 {
        whole.labels.samples[i] = mask.labels.samples[i]
      }
    }
    return try MaskFile.pngBytes(whole)
  }

  private static func bytes(_ picture: RGBImage, _ width: Int?, _ form: PictureForm) throws -> [UInt8] {
    var picture = picture
    if let width, width < picture.width {
      let height = max(1, Int((Double(picture.height) * Double(width) / Double(picture.width)).rounded()))
      picture = picture.resized(width: width, height: height)
    }
    return switch form {
    case .jpg: try StillImage.jpegBytes(picture)
    case .png: try StillImage.pngBytes(picture)
    }
  }
}

extension Prompt {
  /// As the pipeline takes them.
  var objectPrompts: [ObjectPrompt] {
    var prompts = points.map { point in
      ObjectPrompt(
        point.inside ? .point(x: point.x, y: point.y) : .avoid(x: point.x, y: point.y), frame: frame, object: object)
    }
    if let box, box.count == 4 { prompts.append(.box(box[0], box[1], box[2], box[3], frame: frame, object: object)) }
    for stroke in strokes where !stroke.points.isEmpty {
      let line = stroke.points.map { ObjectPrompt.Point(x: $0.first ?? -1, y: $0.last ?? -1) }
      prompts.append(ObjectPrompt(.scribble(line, isInside: stroke.inside), frame: frame, object: object))
    }
    return prompts
  }
}
