import Imaging

extension BuiltinInpainter {
  /// Bytes a pixel of the region that each frame of a window takes: the picture, its hole and filled plane, the luma
  /// and its pyramid, flow both ways as measured and under each hypothesis, three masks, and the completion's fields
  /// where the hole is large. Flow has one vector for four pixels.
  private static let bytesPerPixel = 8 + 2 + 14 + 16 * 4 / 4 + 3 + 46 / 4
  /// Bytes a pixel of the region for one frame's solution, on top.
  static let solution = 16 * 24 + 64

  /// At most 80 frames filled at a time with 40 on either side; fewer as memory asks.
  public func plan(width: Int, height: Int, memory: Int) throws -> WindowPlan {
    // A larger picture than this fits no budget; the bound keeps the arithmetic from overflowing.
    let area = min(max(1, width), 1 << 20) * min(max(1, height), 1 << 20)
    let fixed = area * (BuiltinInpainter.solution + 8)
    let frame = area * (BuiltinInpainter.bytesPerPixel + 9)
    let fitting = (memory - fixed) / frame
    guard fitting >= 3 else {
      throw InpaintingError(
        .memory,
        "a region of \(width)x\(height) needs \((fixed + 3 * frame) >> 20) MB, the budget leaves \(memory >> 20) MB")
    }
    let total = min(160, fitting)
    let side = min(40, (total - 1) / 4)
    let core = total - 2 * side
    return WindowPlan(core: core, before: side, after: side, margin: 64, peakBytes: fixed + total * frame)
  }
}
