import VideoIO

extension RemovalRun {
  /// All that the job reads and leaves, to be checked before the work.
  var outputNames: OutputNames {
    OutputNames(
      inputs: [job.input] + [job.masks].compactMap { $0 } + job.prompts.maskFiles,
      outputs: [job.output, job.overlayOutput, job.maskOutput].compactMap { $0 },
      files: [job.reportOutput].compactMap { $0 }, workFolder: job.workFolder, force: settings.overwrites)
  }

  func filmSink(_ path: String) throws -> any FrameSink { try sink(path, settings.encoding) }

  /// The tinted film is there to be looked at: the codec of the clean one, lossless perhaps, is none of its own.
  func overlaySink(_ path: String) throws -> any FrameSink { try sink(path, EncodeSettings()) }

  private func sink(_ path: String, _ encoding: EncodeSettings) throws -> any FrameSink {
    let timeBase = clip.info.timeBase.value
    let first = clip.source.time(at: clip.range.lowerBound)
    let last = clip.source.time(at: clip.range.upperBound)
    return try MediaSink.open(
      path, source: clip.info, range: clip.range,
      times: (Double(first.time) * timeBase, Double(last.time + last.duration) * timeBase),
      settings: encoding, force: settings.overwrites)
  }

  func maskSink() throws -> (any MaskSink)? {
    try job.maskOutput.map {
      try MaskOutput.open(
        $0, info: clip.info, range: clip.range, force: settings.overwrites,
        isSoft: settings.matteReach != nil)
    }
  }

  /// Opens every output and gives it up again: what cannot be written is known before hours of work.
  func cancelledSinks() throws {
    try job.output.map(filmSink)?.cancel()
    try job.overlayOutput.map(overlaySink)?.cancel()
    try maskSink()?.cancel()
  }
}
