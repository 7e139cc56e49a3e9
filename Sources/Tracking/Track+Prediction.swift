import Imaging
import Motion

extension Track {
  /// Where the objects are on a frame without a correction.
  /// - Parameter carried: nil on the first frame of a shot: the objects are looked for everywhere.
  func predict(_ frame: RGBImage, _ seen: Observation, _ carried: CarriedLabels?, threads: Int) -> TrackedMask {
    masks(by: evidence(seen, carried), frame, seen, threads: threads)
  }

  /// What each object covers, by what is known of it.
  func masks(by evidence: [ObjectWindow], _ frame: RGBImage, _ seen: Observation, threads: Int) -> TrackedMask {
    var windows = evidence
    weighBesideEachOther(&windows, seen, threads: threads)
    compete(&windows)
    for i in windows.indices { windows[i].smooth(seen) }
    let mask = MaskComposer(grid: grid, windows: windows, objects: objects).compose(frame, seen)
    return TrackedMask(mask: mask, confidence: confidences(windows))
  }

  /// What is known of each object on a frame, joined.
  func evidence(_ seen: Observation, _ carried: CarriedLabels?) -> [ObjectWindow] {
    var windows = carried.map(carriedWindows) ?? []
    weighAppearance(&windows, seen)
    findAgain(&windows, seen)
    if let carried { weighGround(&windows, GroundOdds(plate.differences(seen.lab)), carried) }
    weighAnchors(&windows, seen)
    for i in windows.indices {
      windows[i].view = objects[windows[i].index - 1].view
      windows[i].joinEvidence()
    }
    return windows
  }

  /// Windows around where the flow carries each object.
  private func carriedWindows(_ carried: CarriedLabels) -> [ObjectWindow] {
    objects.indices.compactMap { k in
      guard let box = carried.boxes[Int(objects[k].label)], let pose = objects[k].pose else { return nil }
      let margin = 6 + Int(0.15 * Float(box.area).squareRoot())
      let region = box.union(pose.box(scale: 1.15, within: grid.bounds)).grown(by: margin).intersection(grid.bounds)
      return ObjectWindow(
        index: k + 1, region: region, pose: pose,
        distance: carried.distance(of: objects[k].label, region: region, motion: objects[k].motion), isCarried: true)
    }
  }

  private func weighAppearance(_ windows: inout [ObjectWindow], _ seen: Observation) {
    guard let hidden = hidden(by: model, seen, under: windows) else { return }
    for i in windows.indices { windows[i].weigh(model, hidden, grid.width) }
  }

  /// What a model's hidden layer says of the rows that windows lie in; nil without any.
  private func hidden(by model: AppearanceModel, _ seen: Observation, under windows: [ObjectWindow]) -> [Float]? {
    guard let top = windows.map(\.region.y).min(), let bottom = windows.map(\.region.maxY).max() else { return nil }
    return model.hidden(of: seen.features, rows: top..<bottom)
  }

  /// Looks over the whole frame for objects that the flow lost, and for those of which it may carry something else.
  private func findAgain(_ windows: inout [ObjectWindow], _ seen: Observation) {
    var hidden: [Float]?
    for k in objects.indices {
      guard let pose = objects[k].pose else { continue }
      let at = windows.firstIndex { $0.index == k + 1 }
      let support = at.map { windows[$0].support } ?? 0
      let isLost = support <= Tuning.lost * objects[k].expectedArea
      guard isLost || objects[k].doubted >= Tuning.patience else { continue }
      if hidden == nil { hidden = model.hidden(of: seen.features, rows: 0..<grid.height) }
      let area = objects[k].expectedArea
      let place =
        isLost
        ? ObjectSearch(model: model, index: k + 1, hidden: hidden!, grid: grid)
          .best(like: pose, area: area, missing: objects[k].missing)
        : anchoredSearch(k, seen).better(than: pose, area: area, missing: objects[k].doubted)
      guard let place else { continue }
      let region = place.box(scale: 1.4, within: grid.bounds)
      var window = ObjectWindow(
        index: k + 1, region: region, pose: place, distance: [Float](repeating: 0, count: region.area),
        isCarried: false)
      window.weigh(model, hidden!, grid.width)
      guard !isLost || window.support > support else { continue }
      if let at { windows[at] = window } else { windows.append(window) }
    }
  }

  /// By what persons showed alone: the rest may have been learnt from what is carried by mistake.
  private func anchoredSearch(_ k: Int, _ seen: Observation) -> ObjectSearch {
    ObjectSearch(
      model: anchorModel, index: k + 1, hidden: anchorModel.hidden(of: seen.features, rows: 0..<grid.height), grid: grid
    )
  }

  /// What the objects look like by what persons showed alone.
  private func weighAnchors(_ windows: inout [ObjectWindow], _ seen: Observation) {
    guard let hidden = hidden(by: anchorModel, seen, under: windows) else { return }
    for i in windows.indices { windows[i].weigh(anchors: anchorModel, hidden, grid.width) }
  }

  /// For each cell of the grid, how the objects' scores and the background's sum up: the sum of e^score, and 1.
  func claims(_ windows: inout [ObjectWindow]) -> [Float] {
    var total = [Float](repeating: 1, count: grid.count)
    for i in windows.indices {
      windows[i].eachCell(grid.width) { at, cell, window in total[cell] += Logistic.exponential(window.score[at]) }
    }
    return total
  }

  /// Lets the objects compete where their windows overlap.
  private func compete(_ windows: inout [ObjectWindow]) {
    let total = claims(&windows)
    for i in windows.indices {
      windows[i].eachCell(grid.width) { at, cell, window in
        window.soft[at] = Logistic.exponential(window.score[at]) / total[cell]
      }
    }
  }

  private func confidences(_ windows: [ObjectWindow]) -> [UInt8: Float] {
    var out: [UInt8: Float] = [:]
    for object in objects { out[object.label] = 0 }
    for window in windows { out[objects[window.index - 1].label] = window.confidence }
    return out
  }
}
