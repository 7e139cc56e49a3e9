import CFFmpeg

/// Decoding from a keyframe onwards: every frame of the index in display order, each either decoded or missing.
///
/// Confined to one thread at a time.
final class DecodeRun {
  struct Step {
    let display: Int
    /// nil where the packet gave no picture.
    let picture: FFmpegFrame?
    /// The decoder patched up damaged parts.
    let isConcealed: Bool
  }

  /// The packet that it began with.
  let start: Int
  /// The frame that comes next.
  private(set) var position: Int
  /// Packets at which something was found wrong since they were taken last.
  private var anomalies: [Int] = []
  private let decoder: StreamDecoder
  private let index: FrameIndex
  private var steps: [Step] = []
  private(set) var failure: FFmpegError?

  init(_ decoder: StreamDecoder, _ index: FrameIndex, start: Int) {
    self.decoder = decoder
    self.index = index
    self.start = start
    position = index.firstDisplay(from: start)
  }

  /// Whether anything was found wrong, or the decoder logged an error, harmless or not.
  var isSuspect: Bool { !anomalies.isEmpty || decoder.hasComplained }

  /// Packets at which something was found wrong, each once.
  func takeAnomalies() -> [Int] {
    defer { anomalies = [] }
    return anomalies
  }

  /// The packet that is read next.
  var ordinal: Int { decoder.ordinal }

  /// The next frame, or nil behind the last.
  func next() -> Step? {
    while steps.isEmpty {
      switch decoder.next() {
      case nil:
        guard position < index.frameCount else { return nil }
        emitMissing(upTo: index.frameCount)
      case .failure(let ordinal, let error): note(ordinal, error)
      case .picture(let picture, let ordinal): emit(picture, ordinal)
      }
    }
    return steps.removeFirst()
  }

  private func emit(_ picture: FFmpegFrame, _ ordinal: Int) {
    guard index.displays.indices.contains(ordinal), index.displays[ordinal] >= position else { return }
    let display = index.displays[ordinal]
    emitMissing(upTo: display)
    let isConcealed = picture.isConcealed
    if isConcealed || (ordinal == start && picture.isPredicted) { note(ordinal, nil) }
    steps.append(Step(display: display, picture: picture, isConcealed: isConcealed))
    position = display + 1
  }

  private func emitMissing(upTo display: Int) {
    for missing in position..<display {
      let ordinal = index.ordinals[missing]
      if !index.packets[ordinal].traits.contains(.empty) { note(ordinal, nil) }
      steps.append(Step(display: missing, picture: nil, isConcealed: false))
    }
    position = display
  }

  private func note(_ ordinal: Int, _ error: FFmpegError?) {
    anomalies.append(ordinal)
    failure = failure ?? error
  }
}

extension FFmpegFrame {
  fileprivate var isConcealed: Bool {
    pointer.pointee.flags & AV_FRAME_FLAG_CORRUPT != 0 || pointer.pointee.decode_error_flags != 0
  }

  /// Refers to other pictures, so that decoding cannot begin with it.
  fileprivate var isPredicted: Bool {
    pointer.pointee.pict_type == AV_PICTURE_TYPE_P || pointer.pointee.pict_type == AV_PICTURE_TYPE_B
  }
}
