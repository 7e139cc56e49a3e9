import Imaging

/// Masks as PNG images: maps of labels, or mattes in grey.
final class MaskImageSink: MaskSink {
  var warnings: [String] { store.warnings }
  private let path: String
  private let size: (width: Int, height: Int)
  private let store: any ImageStore
  private let encoder: MaskPNG
  private var number: Int
  private var isEmpty = true

  /// - Parameters:
  ///   - first: the number of the first mask.
  ///   - isSoft: mattes.
  init(_ path: String, size: (Int, Int), first: Int, isSoft: Bool, to store: any ImageStore) throws(VideoIOError) {
    self.path = path
    self.size = size
    self.store = store
    number = first
    do {
      encoder = try MaskPNG(isSoft ? .grey : .labels, width: size.0, height: size.1)
    } catch {
      throw VideoIOError(.unsupported, file: path, "masks of \(size.0)x\(size.1) cannot be written as PNG", error)
    }
  }

  deinit { store.cancel() }

  func write(_ mask: Mask, alpha: Plane<UInt8>?) throws {
    guard mask.isAlike(alpha, size) else { throw VideoIOError.mismatch(mask, size, path, number) }
    let samples = encoder.meaning == .labels ? mask.labels : alpha ?? mask.coverage()
    try store.add(StagedPath.imageName(number), encode(samples))
    number += 1
    isEmpty = false
  }

  func finish() throws {
    if isEmpty { throw VideoIOError(.noVideo, file: path, "no mask was written") }
    try store.finish()
  }

  func cancel() { store.cancel() }

  private func encode(_ samples: Plane<UInt8>) throws(VideoIOError) -> [UInt8] {
    do {
      return try encoder.encode(samples)
    } catch {
      throw VideoIOError(.internalFault, file: path, frame: number, "the mask could not be encoded", error)
    }
  }
}

extension Mask {
  /// Whether the mask, and how it covers, are of a size.
  func isAlike(_ alpha: Plane<UInt8>?, _ size: (width: Int, height: Int)) -> Bool {
    (width, height) == size && alpha.map { ($0.width, $0.height) == size } ?? true
  }
}

extension VideoIOError {
  static func mismatch(_ mask: Mask, _ size: (width: Int, height: Int), _ path: String, _ frame: Int) -> VideoIOError {
    VideoIOError(
      .mismatch, file: path, frame: frame,
      "a mask of \(mask.width)x\(mask.height) for frames of \(size.width)x\(size.height)")
  }
}
