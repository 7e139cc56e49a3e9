import Foundation
import Imaging

/// Colours on both sides of a contour, in windows along it: histograms of 8 x 8 x 8 Lab cells, smoothed.
struct SideColors {
  private struct Window {
    var inside = [Float](repeating: 0, count: SideColors.cells)
    var outside = [Float](repeating: 0, count: SideColors.cells)
  }

  private static let cells = 512
  private static let windowSize = 24
  /// Samples closer to the contour than this may lie on the wrong side.
  private static let margin = 3
  private static let fewest: Float = 12
  private static let floor: Float = 0.01

  private let columns: Int
  private let width: Int
  private var slots: [Int32]
  private var odds: [[Float]] = []

  init(_ lab: LabImage, mask: Plane<UInt8>, distances: BandDistances) {
    width = lab.width
    columns = (lab.width + SideColors.windowSize - 1) / SideColors.windowSize
    let rows = (lab.height + SideColors.windowSize - 1) / SideColors.windowSize
    slots = [Int32](repeating: -1, count: columns * rows)
    var windows: [Window] = []
    for pixel in distances.known(from: SideColors.margin) {
      let place = window(of: pixel)
      if slots[place] < 0 {
        slots[place] = Int32(windows.count)
        windows.append(Window())
      }
      let cell = SideColors.cell(lab, pixel)
      if mask.samples[pixel] != 0 {
        windows[Int(slots[place])].inside[cell] += 1
      } else {
        windows[Int(slots[place])].outside[cell] += 1
      }
    }
    odds = [[Float]](repeating: [], count: windows.count)
    for row in 0..<rows {
      for column in 0..<columns where slots[row * columns + column] >= 0 {
        let joined = neighbourhood(windows, column: column, row: row, rows: rows)
        odds[Int(slots[row * columns + column])] = SideColors.logOdds(joined)
      }
    }
  }

  /// How much likelier the pixel's colour is inside than outside, as a log ratio.
  func logOdds(_ lab: LabImage, _ pixel: Int) -> Float {
    let slot = slots[window(of: pixel)]
    return slot < 0 ? 0 : odds[Int(slot)][SideColors.cell(lab, pixel)]
  }

  private func window(of pixel: Int) -> Int {
    pixel / width / SideColors.windowSize * columns + pixel % width / SideColors.windowSize
  }

  private static func cell(_ lab: LabImage, _ i: Int) -> Int {
    let l = min(7, max(0, Int(lab.l[i] / 10)))
    let a = min(7, max(0, Int((lab.a[i] + 40) / 10)))
    let b = min(7, max(0, Int((lab.b[i] + 40) / 10)))
    return (l * 8 + a) * 8 + b
  }

  private func neighbourhood(_ windows: [Window], column: Int, row: Int, rows: Int) -> Window {
    var joined = Window()
    for v in max(0, row - 1)...min(rows - 1, row + 1) {
      for u in max(0, column - 1)...min(columns - 1, column + 1) where slots[v * columns + u] >= 0 {
        let window = windows[Int(slots[v * columns + u])]
        for i in 0..<SideColors.cells {
          joined.inside[i] += window.inside[i]
          joined.outside[i] += window.outside[i]
        }
      }
    }
    return joined
  }

  private static func logOdds(_ window: Window) -> [Float] {
    let inside = smoothed(window.inside)
    let outside = smoothed(window.outside)
    let (insideTotal, outsideTotal) = (inside.reduce(0, +), outside.reduce(0, +))
    guard insideTotal >= fewest, outsideTotal >= fewest else { return [Float](repeating: 0, count: cells) }
    return (0..<cells).map { log((inside[$0] / insideTotal + floor) / (outside[$0] / outsideTotal + floor)) }
  }

  /// [1 2 1] along each axis.
  private static func smoothed(_ histogram: [Float]) -> [Float] {
    var current = histogram
    for stride in [1, 8, 64] {
      var next = current
      for i in 0..<cells {
        let place = i / stride % 8
        let before = place > 0 ? current[i - stride] : current[i]
        let after = place < 7 ? current[i + stride] : current[i]
        next[i] = 0.5 * current[i] + 0.25 * (before + after)
      }
      current = next
    }
    return current
  }
}
