import Imaging

/// Chamfer distances with steps 1 and sqrt 2 (Borgefors, 1986).
enum SignedDistance {
  /// Distance in cells to the outline of `inside`, above 0 within it and below 0 outside, at most `limit` either way.
  static func of(_ inside: [Bool], width: Int, height: Int, limit: Float = 1000) -> [Float] {
    var depth = inside.map { $0 ? limit : 0 }
    var gap = inside.map { $0 ? 0 : limit }
    sweep(&depth, width, height)
    sweep(&gap, width, height)
    return depth.indices.map { inside[$0] ? depth[$0] - 0.5 : 0.5 - gap[$0] }
  }

  private static func sweep(_ map: inout [Float], _ width: Int, _ height: Int) {
    let diagonal: Float = 1.4142135
    map.withUnsafeMutableBufferPointer { map in
      for y in 0..<height {
        for x in 0..<width {
          let i = y &* width &+ x
          var best = map[i]
          if best == 0 { continue }
          if x > 0 { best = min(best, map[i - 1] + 1) }
          if y > 0 {
            best = min(best, map[i - width] + 1)
            if x > 0 { best = min(best, map[i - width - 1] + diagonal) }
            if x + 1 < width { best = min(best, map[i - width + 1] + diagonal) }
          }
          map[i] = best
        }
      }
      for y in stride(from: height - 1, through: 0, by: -1) {
        for x in stride(from: width - 1, through: 0, by: -1) {
          let i = y &* width &+ x
          var best = map[i]
          if best == 0 { continue }
          if x + 1 < width { best = min(best, map[i + 1] + 1) }
          if y + 1 < height {
            best = min(best, map[i + width] + 1)
            if x + 1 < width { best = min(best, map[i + width + 1] + diagonal) }
            if x > 0 { best = min(best, map[i + width - 1] + diagonal) }
          }
          map[i] = best
        }
      }
    }
  }
}
