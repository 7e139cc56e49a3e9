import Imaging

/// Masks as indexed PNG images.
final class MaskImageSink: MaskSink {
  var warnings: [String] { store.warnings }
  private let path: String
  private let size: (width: Int, height: Int)
  private let store: any ImageStore
  private let encoder: IndexedPNG
  private var number: Int
  private var isEmpty = true

  /// - Parameter first: the number of the first mask.
  init(_ path: String, size: (Int, Int), first: Int, to store: any ImageStore) throws(VideoIOError) {
    self.path = path
    self.size = size
    self.store = store
    number = first
    do {
      encoder = try IndexedPNG(width: size.0, height: size.1)
    } catch {
      throw VideoIOError(.unsupported, file: path, "masks of \(size.0)x\(size.1) cannot be written as PNG", error)
    }
  }

  deinit { store.cancel() }

  func write(_ mask: Mask) throws {
    guard mask.width == size.width, mask.height == size.height else {
      throw VideoIOError.mismatch(mask, size, path, number)
    }
    try store.add(StagedPath.imageName(number), encode(mask))
    number += 1
    isEmpty = false
  }

  func finish() throws {
    if isEmpty { throw VideoIOError(.noVideo, file: path, "no mask was written") }
    try store.finish()
  }

  func cancel() { store.cancel() }

  private func encode(_ mask: Mask) throws(VideoIOError) -> [UInt8] {
    do {
      return try encoder.encode(mask)
    } catch {
      throw VideoIOError(.internalFault, file: path, frame: number, "the mask could not be encoded", error)
    }
  }
}

extension VideoIOError {
  static func mismatch(_ mask: Mask, _ size: (width: Int, height: Int), _ path: String, _ frame: Int) -> VideoIOError {
    VideoIOError(
      .mismatch, file: path, frame: frame,
      "a mask of \(mask.width)x\(mask.height) for frames of \(size.width)x\(size.height)")
  }
}
