import Imaging

/// How far each pixel near a mask's contour is from the other side, in chessboard steps.
struct BandDistances {
  private let steps: [UInt8]
  private let far: UInt8
  private let touched: [Int]

  /// Distances up to `reach` are told apart; all beyond count as one more.
  init(_ mask: Plane<UInt8>, reach: Int) {
    let (width, height) = (mask.width, mask.height)
    far = UInt8(min(254, reach + 1))
    var steps = [UInt8](repeating: far, count: mask.samples.count)
    var front = BandDistances.outline(mask)
    for p in front { steps[p] = 1 }
    var touched = front
    var step: UInt8 = 2
    while step < far, !front.isEmpty {
      var next: [Int] = []
      for p in front {
        let (x, y) = (p % width, p / width)
        for v in max(0, y - 1)...min(height - 1, y + 1) {
          for u in max(0, x - 1)...min(width - 1, x + 1) where steps[v * width + u] == far {
            steps[v * width + u] = step
            next.append(v * width + u)
          }
        }
      }
      touched += next
      front = next
      step += 1
    }
    self.steps = steps
    self.touched = touched
  }

  /// Pixels that touch the other side, in reading order.
  private static func outline(_ mask: Plane<UInt8>) -> [Int] {
    let (width, height) = (mask.width, mask.height)
    var outline: [Int] = []
    mask.samples.withUnsafeBufferPointer { samples in
      for y in 0..<height {
        let (up, down) = (y > 0 ? width : 0, y + 1 < height ? width : 0)
        for x in 0..<width {
          let p = y * width + x
          let value = samples[p]
          let (left, right) = (x > 0 ? p - 1 : p, x + 1 < width ? p + 1 : p)
          let beside = samples[left] != value || samples[right] != value
          if beside || samples[p - up] != value || samples[p + down] != value { outline.append(p) }
        }
      }
    }
    return outline
  }

  subscript(_ pixel: Int) -> Int { Int(steps[pixel]) }

  /// Pixels told apart, in no order that matters.
  func known(from least: Int) -> [Int] { touched.filter { Int(steps[$0]) >= least } }

  /// Pixels at most `reach` from the other side, in reading order.
  func band(within reach: Int) -> [Int] { touched.filter { Int(steps[$0]) <= reach }.sorted() }
}
