/// A segmenter whose prepared frames can be kept as bytes: one that is taken up again answers as it did before.
///
/// For engines that see the 8-bit levels of one frame alone, and take long to prepare it.
public protocol KeepingSegmenter: Segmenter {
  func bytes(of prepared: Prepared) -> [UInt8]
  /// - Parameters:
  ///   - bytes: what `bytes(of:)` gave for a frame of the same size, by the same engine.
  /// - Returns: nil for bytes that are none of this engine's.
  func prepared(from bytes: [UInt8], width: Int, height: Int) -> Prepared?
}
