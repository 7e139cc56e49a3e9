import Imaging
import Motion

extension Track {
  /// Where the objects are on a frame without a correction.
  func predict(_ frame: RGBImage, _ seen: Observation, threads: Int) -> TrackedMask {
    guard let previous else { return TrackedMask(mask: Mask(width: width, height: height), confidence: [:]) }
    let flow = seen.flow.flow(from: seen.pyramid, to: previous.pyramid)
    var windows = carriedWindows(flow, previous.mask)
    weighAppearance(&windows, seen)
    fuse(&windows)
    for i in windows.indices { windows[i].smooth(seen) }
    let mask = MaskComposer(grid: grid, windows: windows, objects: objects).compose(frame, seen)
    return TrackedMask(mask: mask, confidence: confidences(windows))
  }

  /// Windows around where the flow carries each object.
  private func carriedWindows(_ flow: FlowField, _ mask: Mask) -> [ObjectWindow] {
    let carried = CarriedLabels(flow: flow, mask: mask, grid: grid)
    return objects.indices.compactMap { k in
      guard let box = carried.boxes[Int(objects[k].label)] else { return nil }
      let margin = 8 + Int(0.3 * Float(box.area).squareRoot())
      let region = box.grown(by: margin).intersection(grid.bounds)
      return ObjectWindow(
        index: k + 1, region: region,
        distance: carried.distance(of: objects[k].label, region: region, flow: flow, mask: mask, grid: grid))
    }
  }

  private func weighAppearance(_ windows: inout [ObjectWindow], _ seen: Observation) {
    guard let top = windows.map(\.region.y).min(), let bottom = windows.map(\.region.maxY).max() else { return }
    let hidden = model.hidden(of: seen.features, rows: top..<bottom)
    for i in windows.indices {
      let window = windows[i]
      var margins = [Float](repeating: 0, count: window.region.area)
      margins.withUnsafeMutableBufferPointer { out in
        for y in 0..<window.region.height {
          let start = (window.region.y + y) * grid.width + window.region.x
          model.margins(
            window.index, hidden: hidden, stride: grid.count, cells: start..<start + window.region.width,
            into: out.baseAddress! + y * window.region.width)
        }
      }
      windows[i].appearance = margins
    }
  }

  /// Joins the evidence and lets the objects compete where their windows overlap.
  private func fuse(_ windows: inout [ObjectWindow]) {
    var total = [Float](repeating: 1, count: grid.count)
    for i in windows.indices {
      windows[i].joinEvidence()
      windows[i].eachCell(grid.width) { at, cell, window in total[cell] += Logistic.exponential(window.score[at]) }
    }
    for i in windows.indices {
      windows[i].eachCell(grid.width) { at, cell, window in
        window.soft[at] = Logistic.exponential(window.score[at]) / total[cell]
      }
    }
  }

  private func confidences(_ windows: [ObjectWindow]) -> [UInt8: Float] {
    var out: [UInt8: Float] = [:]
    for object in objects { out[object.label] = 0 }
    for window in windows { out[objects[window.index - 1].label] = window.agreement }
    return out
  }
}
