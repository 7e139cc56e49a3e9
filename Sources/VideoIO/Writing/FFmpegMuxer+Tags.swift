import CFFmpeg

extension FFmpegMuxer {
  /// Tags that say how the source's file was made, not what it shows.
  private static let fileTags: Set<String> = [
    "major_brand", "minor_version", "compatible_brands", "encoder", "duration", "bps", "number_of_frames",
    "number_of_bytes", "rotate",
  ]

  static func isAboutTheFile(_ key: String) -> Bool {
    let key = key.lowercased()
    return key.hasPrefix("_statistics") || fileTags.contains(key)
      || fileTags.contains(where: { key.hasPrefix($0 + "-") })
  }

  func copyTags(from source: UnsafeMutablePointer<AVFormatContext>) {
    Self.copyTags(source.pointee.metadata, to: &pointer.pointee.metadata)
  }

  static func copyTags(_ source: OpaquePointer?, to target: inout OpaquePointer?) {
    var entry: UnsafeMutablePointer<AVDictionaryEntry>?
    while let next = av_dict_get(source, "", entry, AV_DICT_IGNORE_SUFFIX) {
      entry = next
      let key = String(cString: next.pointee.key)
      if !isAboutTheFile(key) { av_dict_set(&target, key, next.pointee.value, 0) }
    }
  }

  /// Copies the chapters that lie in the window, their times counted from its start.
  func copyChapters(from source: UnsafeMutablePointer<AVFormatContext>, window: ClosedRange<Double>?)
    throws(FFmpegError)
  {
    for index in 0..<Int(source.pointee.nb_chapters) {
      guard let chapter = source.pointee.chapters[index] else { continue }
      let base = av_q2d(chapter.pointee.time_base)
      var (start, end) = (chapter.pointee.start, chapter.pointee.end)
      if let window, base > 0 {
        guard Double(end) * base > window.lowerBound, Double(start) * base < window.upperBound else { continue }
        let origin = Int64((window.lowerBound / base).rounded())
        let length = Int64(((window.upperBound - window.lowerBound) / base).rounded())
        start = max(0, start &- origin)
        end = min(length, end &- origin)
      }
      try addChapter(like: chapter, start: start, end: end)
    }
  }

  private func addChapter(like chapter: UnsafeMutablePointer<AVChapter>, start: Int64, end: Int64) throws(FFmpegError) {
    let copy = try FFmpegError.allocated(av_mallocz(MemoryLayout<AVChapter>.size))
      .bindMemory(to: AVChapter.self, capacity: 1)
    copy.pointee.id = chapter.pointee.id
    copy.pointee.time_base = chapter.pointee.time_base
    copy.pointee.start = start
    copy.pointee.end = end
    Self.copyTags(chapter.pointee.metadata, to: &copy.pointee.metadata)
    var count = Int32(pointer.pointee.nb_chapters)
    let grown = av_dynarray_add_nofree(&pointer.pointee.chapters, &count, copy)
    guard grown >= 0 else {
      av_dict_free(&copy.pointee.metadata)
      av_free(copy)
      throw FFmpegError(code: grown)
    }
    pointer.pointee.nb_chapters = UInt32(count)
  }
}

extension FFmpegError {
  fileprivate static func allocated(_ pointer: UnsafeMutableRawPointer?) throws(FFmpegError) -> UnsafeMutableRawPointer
  {
    guard let pointer else { throw FFmpegError(code: FFmpegCode.outOfMemory) }
    return pointer
  }
}
