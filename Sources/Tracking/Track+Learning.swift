import CPixelKernels
import Imaging

extension Track {
  /// Made-up scenes an anchor is learnt from.
  private static let scenes = 20
  private static let anchorBatches = 2500
  private static let frameBatches = 60

  /// Fewer batches for many objects, each of which costs as much as the rest together.
  private func batches(_ count: Int) -> Int { max(8, count * 10 / max(10, objects.count)) }

  /// Learns a frame whose labels are the truth, for good.
  mutating func learnAnchor(_ seen: Observation, _ labels: [UInt8]) {
    remember(seen, labels)
    let count = batches(Self.anchorBatches)
    for batch in 0..<count {
      anchorModel.learn(anchors, rate: batch < count / 2 ? 0.005 : 0.0015, random: &random)
    }
    model = anchorModel
    if memory.samples.count > 0 {
      for _ in 0..<count / 4 { model.learn(anchors, memory: memory.samples, rate: 0.0015, random: &random) }
    }
  }

  /// Takes samples of a frame whose labels are the truth, to be learnt with the next anchor.
  mutating func remember(_ seen: Observation, _ labels: [UInt8]) {
    var bank = sample(seen.features, labels, perClass: 2400, jitters: true)
    let scenes = TrainingScenes(lab: seen.lab, labels: labels, width: grid.width, height: grid.height)
    for _ in 0..<Self.scenes {
      let scene = scenes.scene(&random)
      let features = PixelFeatures(lab: scene.lab, width: grid.width, height: grid.height)
      bank.append(sample(features, scene.labels, perClass: 1000, jitters: true))
    }
    anchors.append(bank)
  }

  /// Learns a frame as far as it can be trusted.
  mutating func learnFrame(_ seen: Observation, _ labels: [UInt8], _ tracked: TrackedMask) {
    let trusted = objects.map { (tracked.confidence[$0.label] ?? 0) > Tuning.trust }
    if frames % options.longTermMemoryGap == 0 {
      memory.add(sample(seen.features, labels, perClass: 300, jitters: false, trusted: trusted))
    }
    let recent = sample(seen.features, labels, perClass: 600, jitters: false, trusted: trusted)
    for _ in 0..<batches(Self.frameBatches) {
      model.learn(anchors, memory: memory.samples, recent: recent, rate: 0.003, random: &random)
    }
  }

  /// As many cells of the objects together as of the background near them and of that far away.
  /// - Parameter trusted: for each object whether its mask may be learnt, without its outline; nil where it is the truth.
  private mutating func sample(
    _ features: PixelFeatures, _ labels: [UInt8], perClass: Int, jitters: Bool, trusted: [Bool]? = nil
  ) -> SampleBank {
    let reach = 12
    let near = shares(labels, radius: reach).map { $0 > 1e-4 }
    let edge = trusted == nil ? [] : shares(labels, radius: 1).map { $0 > 0.01 && $0 < 0.99 }
    var cells: [[Int]] = Array(repeating: [], count: objects.count + 2)
    for i in labels.indices {
      let label = Int(labels[i])
      if trusted != nil, edge[i] { continue }
      if label != 0 { cells[label + 1].append(i) } else { cells[near[i] ? 1 : 0].append(i) }
    }
    let present = cells[2...].count { !$0.isEmpty }
    // What shows a sliver of an object has a sliver's say.
    let wholes = jitters ? wholes(labels) : []
    var bank = SampleBank()
    bank.beginScene(
      jitters ? wholes.map { whole in whole.map { $0.pose.jittered(&random) } } : objects.map(\.pose))
    for (group, members) in cells.enumerated() where !members.isEmpty {
      if group >= 2, trusted?[group - 2] == false { continue }
      if group == 1, trusted?.allSatisfy({ !$0 }) == true { continue }
      var wanted = group < 2 ? perClass : max(perClass / max(1, present), 40)
      if group >= 2, jitters { wanted = max(20, Int(Float(wanted) * (wholes[group - 2]?.share ?? 1))) }
      for _ in 0..<wanted {
        let cell = members[random.index(members.count)]
        bank.append(cell: cell, of: features, label: group < 2 ? 0 : UInt8(group - 1))
      }
    }
    return bank
  }

  /// Where all of each object is, and the share of it that `labels` show; nil where none is shown.
  private func wholes(_ labels: [UInt8]) -> [(pose: Pose, share: Float)?] {
    objects.indices.map { k in
      let shown = shown(k, labels)
      return shown.pose.map { objects[k].extent.whole($0, area: shown.area, within: grid.bounds) }
    }
  }

  /// Over a window of `radius`, the share of cells that belong to objects.
  private func shares(_ labels: [UInt8], radius: Int) -> [Float] {
    let inside = labels.map { Float($0 == 0 ? 0 : 1) }
    var out = inside
    var scratch = inside
    cpk_track().pointee.box_mean(inside, &out, &scratch, Int32(grid.width), Int32(grid.height), Int32(radius))
    return out
  }
}
