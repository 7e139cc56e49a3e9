import Foundation
import Imaging
import VideoIO

/// One run of a job through its stages. Confined to one thread.
final class RemovalRun {
  let job: RemovalJob
  let settings: RemovalSettings
  private let cancellation: Cancellation
  private let meter: ProgressMeter
  let clip: Clip
  private let forecast: MemoryForecast
  private var report: RemovalReport
  private var identities: [String: String] = [:]
  /// Kept for what they have to say once all were read.
  private var given: GivenMasks?

  init(job: RemovalJob, cancellation: Cancellation, progress: ProgressHandler?) throws {
    self.job = job
    self.cancellation = cancellation
    settings = job.settings
    meter = ProgressMeter(cancellation: cancellation, handler: progress)
    clip = try Clip(path: job.input, settings: job.settings)
    forecast = MemoryForecast(info: clip.info, settings: job.settings)
    report = RemovalReport(input: job.input, output: job.output ?? job.maskOutput)
    report.warnings = try clip.info.warnings + Engines.notes(job.settings)
  }

  func run() throws -> RemovalReport {
    guard let primary = job.output ?? job.maskOutput ?? job.overlayOutput ?? job.workFolder else {
      throw RemovalError(.badRequest, "the job has no output")
    }
    try forecast.validate()
    defer { Engines.releaseAll(settings) }
    try Engines.check(settings)
    try outputNames.check()
    try cancelledSinks()
    let work = try WorkFolder(besides: primary, kept: job.workFolder)
    do {
      let scan = try stages(work)
      if job.workFolder == nil { work.discard() }
      let report = finished(scan)
      if let path = job.reportOutput { try report.write(to: path) }
      return report
    } catch {
      // Where neither tracking nor filling began there is nothing that another run could go on from.
      let isEmpty = !["track", "still", "shadow", "fill"].contains(where: work.has)
      if !(error is CancellationError), isEmpty, job.workFolder == nil { work.discard() }
      throw error
    }
  }

  private func stages(_ work: WorkFolder) throws -> Scan {
    let identity = try InputIdentity(clip)
    let scan = try scan(work, identity)
    let masks = try shadowed(try masks(work, identity, scan), work, identity, scan)
    let chosen = settings.objects.map { ChosenMasks(masks, objects: $0) } ?? masks
    let store = try job.output.map { _ in try fill(work, identity, scan, chosen) }
    Engines.releaseFilling(settings)
    noteConfidence(masks)
    if job.output ?? job.maskOutput ?? job.overlayOutput != nil { try encode(chosen, store) }
    return scan
  }

  // MARK: Stages

  private func scan(_ work: WorkFolder, _ identity: InputIdentity) throws -> Scan {
    let manifest = ScanManifest(identity, clip.range)
    let folder = try work.stage("scan", manifest: manifest, resumes: settings.resumes)
    let scan = try ScanStage(clip: clip, folder: folder, meter: meter).run()
    ProcessResources.trimHeap()
    return scan
  }

  private func masks(_ work: WorkFolder, _ identity: InputIdentity, _ scan: Scan) throws -> any MaskProvider {
    if let path = job.masks {
      let given = try GivenMasks(path: path, clip: clip, settings: settings)
      self.given = given
      return given
    }
    let anchors = try anchors(work, identity, scan)
    Engines.releaseSelection(settings)
    if settings.marksAreStill { return try stillMasks(work, identity, scan, anchors) }
    let shots = settings.crossesCuts ? [clip.range] : scan.shots(of: clip.range)
    let settings = try following(anchors, shots)
    let manifest = TrackManifest(
      scan: ScanManifest(identity, clip.range), tracker: try trackingEngines(settings),
      memory: [settings.memoryGap, settings.memoryLength])
    let folder = try work.stage("track", manifest: manifest, resumes: settings.resumes)
    warnOfShots(shots, without: anchors)
    let track = try TrackStage(clip: clip, folder: folder, settings: settings, meter: meter)
      .run(anchors: anchors, shots: shots, cuts: settings.crossesCuts ? scan.cuts : [])
    Engines.releaseTracking(settings)
    ProcessResources.trimHeap()
    return track
  }

  /// What is marked; where nothing is and only masks are asked for, what the shots begin with.
  private func anchors(_ work: WorkFolder, _ identity: InputIdentity, _ scan: Scan) throws -> [Int: Anchor] {
    if job.prompts.isEmpty, let gap = settings.proposalGap, job.output == nil {
      let shots = scan.shots(of: clip.range)
      return try meter.stage(.select, frames: shots.count) {
        try ProposeStage(settings: settings).anchors(of: shots, in: clip, gap: gap)
      }
    }
    guard !job.prompts.isEmpty else {
      throw RemovalError(.badRequest, "nothing is marked: give --point, --box, --mask or --prompts")
    }
    return try meter.stage(.select, frames: Set(job.prompts.map(\.frame)).count) { try selected(work, identity) }
  }

  /// The settings with the tracker that suits what is marked.
  private func following(_ anchors: [Int: Anchor], _ shots: [ClosedRange<Int>]) throws -> RemovalSettings {
    guard settings.recognisesFlat, settings.tracker == "builtin", settings.proposalGap == nil, !settings.crossesCuts,
      try FlatObjects(clip: clip, shots: shots).areAll(in: anchors)
    else { return settings }
    var flat = settings
    flat.tracker = "planar"
    report.isRecognisedAsFlat = true
    return flat
  }

  private func selected(_ work: WorkFolder, _ identity: InputIdentity) throws -> [Int: Anchor] {
    let stage = SelectStage(clip: clip, settings: settings)
    guard Engines.isNetwork(settings.segmenter) else { return try stage.run(job.prompts) }
    let manifest = SelectManifest(
      input: identity, prompts: PromptFile(job.prompts), maskFiles: try promptedFiles(),
      segmenter: try identities(of: [settings.segmenter])[0],
      rescalesMasks: settings.rescalesMasks, marksAreStill: settings.marksAreStill,
      maximumObjects: settings.maximumObjects)
    let folder = try work.stage("select", manifest: manifest, resumes: settings.resumes)
    return try KeptAnchors(folder: folder, clip: clip).anchors { try stage.run(job.prompts) }
  }

  /// Several stages ask; weights are read once.
  private func identities(of engines: [String]) throws -> [String] {
    try engines.map { engine in
      if let known = identities[engine] { return known }
      let identity = try Engines.identity(of: engine, settings)
      identities[engine] = identity
      return identity
    }
  }

  /// Some trackers ask the segmenter too, and so do newcomers.
  private func trackingEngines(_ settings: RemovalSettings) throws -> String {
    let engines = Engines.tracksWithSegmenter(settings) ? [settings.tracker, settings.segmenter] : [settings.tracker]
    return try identities(of: engines).joined(separator: ", ")
  }

  private func stillMasks(
    _ work: WorkFolder, _ identity: InputIdentity, _ scan: Scan, _ anchors: [Int: Anchor]
  ) throws -> any MaskProvider {
    let manifest = StillManifest(
      scan: ScanManifest(identity, clip.range), prompts: PromptFile(job.prompts), maskFiles: try promptedFiles(),
      segmenter: settings.segmenter, rescalesMasks: settings.rescalesMasks)
    let folder = try work.stage("still", manifest: manifest, resumes: settings.resumes)
    return try StillStage(clip: clip, folder: folder, meter: meter)
      .run(prompts: job.prompts, anchors: anchors, shots: scan.shots(of: clip.range))
  }

  private func shadowed(
    _ masks: any MaskProvider, _ work: WorkFolder, _ identity: InputIdentity, _ scan: Scan
  ) throws -> any MaskProvider {
    guard settings.includesShadows, !settings.marksAreStill else { return masks }
    let manifest = ShadowManifest(
      scan: ScanManifest(identity, clip.range), prompts: PromptFile(job.masks == nil ? job.prompts : []),
      maskFiles: try maskFiles(),
      engines: try identities(of: [settings.segmenter, settings.tracker]),
      rescalesMasks: settings.rescalesMasks, track: settings.following)
    let folder = try work.stage("shadow", manifest: manifest, resumes: settings.resumes)
    let stage = ShadowStage(clip: clip, masks: masks, folder: folder, meter: meter)
    defer { ProcessResources.trimHeap() }
    return try stage.run(shots: scan.shots(of: clip.range))
  }

  /// What tells the masks that were given, or the masks among the prompts, from others.
  private func maskFiles() throws -> [String] {
    try job.masks.map { [try ContentHash.of($0)] } ?? promptedFiles()
  }

  private func promptedFiles() throws -> [String] {
    try job.prompts.maskFiles.map { try ContentHash.of($0) }
  }

  private func warnOfShots(_ shots: [ClosedRange<Int>], without anchors: [Int: Anchor]) {
    for shot in shots where !anchors.keys.contains(where: { shot.contains($0) }) {
      report.warnings.append(
        "nothing is marked in the shot of frames \(shot.lowerBound) to \(shot.upperBound): it stays as it is")
    }
  }

  private func fill(
    _ work: WorkFolder, _ identity: InputIdentity, _ scan: Scan, _ masks: any MaskProvider
  ) throws -> FillStore {
    let shape = HoleShape(settings: settings, info: clip.info, masksAreExact: job.masksAreExact)
    let manifest = FillManifest(
      scan: ScanManifest(identity, clip.range),
      prompts: PromptFile(job.masks == nil ? job.prompts : []),
      maskFiles: try maskFiles(),
      shape: shape, scale: settings.resize, memory: forecast.fillBudget,
      engines: try identities(of: Engines.names(settings)),
      rescalesMasks: settings.rescalesMasks, marksAreStill: settings.marksAreStill,
      objects: settings.objects?.sorted(), includesShadows: settings.includesShadows,
      track: settings.following, marksAreTranslucent: settings.marksAreTranslucent)
    let store = FillStore(folder: try work.stage("fill", manifest: manifest, resumes: settings.resumes))
    let stage = FillStage(
      clip: clip, masks: masks, shape: shape, scale: settings.resize, inpainter: try Engines.inpainter(settings),
      upscaler: try Engines.upscaler(settings), memory: forecast.fillBudget, store: store, meter: meter,
      cancellation: cancellation)
    report.frames = try stage.run(shots: scan.shots(of: clip.range))
    warnOfScales()
    ProcessResources.trimHeap()
    return store
  }

  private func warnOfScales() {
    let reduced = report.frames.filter { $0.fillScale < settings.resize }
    guard let smallest = reduced.map(\.fillScale).min() else { return }
    report.warnings.append(
      "\(reduced.count) frames were filled at a smaller scale (down to \(smallest)) to hold to --memory; more memory gives a sharper fill"
    )
  }

  private func encode(_ masks: any MaskProvider, _ store: FillStore?) throws {
    var stage = EncodeStage(clip: clip, meter: meter)
    stage.film = try job.output.map(filmSink)
    stage.overlay = try job.overlayOutput.map(overlaySink)
    stage.masks = try maskSink()
    stage.matteReach = settings.matteReach
    stage.store = store
    stage.provider = masks
    report.warnings += try stage.run()
  }

  // MARK: Report

  private func noteConfidence(_ masks: any MaskProvider) {
    guard let track = masks.track else { return }
    var byFrame = Dictionary(uniqueKeysWithValues: report.frames.map { ($0.frame, $0) })
    for frame in clip.range {
      guard let confidence = try? track.confidence(at: frame) else { continue }
      var entry = byFrame[frame] ?? RemovalReport.FrameEntry(frame: frame)
      for (object, value) in confidence { entry.confidence[String(object)] = value }
      if let corners = try? track.corners(at: frame), !corners.isEmpty {
        entry.corners = Dictionary(uniqueKeysWithValues: corners.map { (String($0), $1.map(clip.displayed)) })
      }
      byFrame[frame] = entry
    }
    report.frames = byFrame.values.sorted { $0.frame < $1.frame }
    if settings.tracker == "planar" { warnOfLostPlanes() }
  }

  /// What was called flat and is not, or shows too little to be followed by, is lost at once.
  private func warnOfLostPlanes() {
    var lost: [String: Int] = [:]
    for entry in report.frames { for (object, value) in entry.confidence where value == 0 { lost[object, default: 0] += 1 } }
    for (object, count) in lost.sorted(by: { $0.key < $1.key }) where 2 * count > report.frames.count {
      report.warnings.append(
        "object \(object) was lost on \(count) of \(report.frames.count) frames as something flat: it may show too little "
          + "texture; --no-planar follows its outline")
    }
  }

  private func finished(_ scan: Scan) -> RemovalReport {
    report.warnings += given?.warnings ?? []
    report.shotCuts = scan.cuts
    report.repeatedFrames = scan.damage.repeatedFrames
    report.isTruncated = scan.damage.isTruncated
    report.resumedFrames = meter.inheritedFrames
    report.secondsByStage = Dictionary(uniqueKeysWithValues: meter.seconds.map { ($0.key.rawValue, $0.value) })
    report.peakMemory = ProcessResources.peakMemory
    if let end = scan.end {
      report.warnings.append("\(job.input) breaks off before frame \(end): the frames before it were processed")
    }
    if !scan.damage.repeatedFrames.isEmpty {
      let list = scan.damage.repeatedFrames.prefix(10).map(String.init).joined(separator: ", ")
      report.warnings.append("damaged frames repeat the one before: \(list)")
    }
    return report
  }
}

extension RemovalSettings {
  /// What tracked masks depend on beside the marks and the engines.
  fileprivate var following: [String] {
    [
      direction.rawValue, "\(crossesCuts)", "\(memoryGap)", "\(memoryLength)", "\(proposalGap ?? 0)",
      "\(pointsPerSide)",
      "\(maximumObjects)", "\(recognisesFlat)",
    ]
  }
}
