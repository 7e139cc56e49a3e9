import Imaging

/// One object's evidence on a frame, over the part of the grid where it can be. Arrays hold `region.area` cells.
struct ObjectWindow: Sendable {
  /// The object's index from 1, in order of appearance.
  let index: Int
  let region: Region
  let pose: Pose
  /// Signed distance to the outline carried by the flow, in cells, above 0 inside.
  let distance: [Float]
  /// Whether the flow carried it here; otherwise it was found again.
  let isCarried: Bool
  /// The appearance model's log-odds against the background by look alone, and with the place.
  var look: [Float]
  var full: [Float]
  /// The same with the place by what persons showed alone.
  var anchored: [Float]
  /// Log-odds by what the background looks like and how it moves.
  var ground: [Float]
  /// How far each cell is from the background, and from where the camera's and the object's motion say that it came from: in four times
  /// what is usual, at most 2; -1 where it is not known.
  var unlike: (plate: [Float], camera: [Float], object: [Float])
  /// As a person last marked it.
  var view: AnchorView?
  /// Log-odds of all evidence together.
  var score: [Float]
  /// The soft mask, 0…1.
  var soft: [Float]

  init(index: Int, region: Region, pose: Pose, distance: [Float], isCarried: Bool) {
    self.isCarried = isCarried
    self.index = index
    self.region = region
    self.pose = pose
    self.distance = distance
    look = [Float](repeating: 0, count: distance.count)
    full = look
    anchored = look
    ground = look
    let unknown = [Float](repeating: -1, count: distance.count)
    unlike = (unknown, unknown, unknown)
    score = look
    soft = look
  }

  mutating func weigh(_ model: AppearanceModel, _ hidden: [Float], _ width: Int) {
    (look, full) = model.margins(index, hidden: hidden, width: width, region: region, pose: pose)
  }

  mutating func weigh(anchors model: AppearanceModel, _ hidden: [Float], _ width: Int) {
    anchored = model.margins(index, hidden: hidden, width: width, region: region, pose: pose).full
  }

  /// Cells that the model takes for the object where it can be.
  var support: Float {
    var sum: Float = 0
    for i in full.indices where distance[i] > -3 { sum += Logistic.sigmoid(full[i]) }
    return sum
  }

  mutating func joinEvidence() {
    for y in 0..<region.height {
      let py = pose.place(pose.center.x, Float(region.y + y)).y
      for x in 0..<region.width {
        let i = y * region.width + x
        let d = distance[i]
        let carried =
          d > 0 ? min(Tuning.inside, d * Tuning.slopeIn) : max(-Tuning.outside, d * Tuning.slopeOut)
        let odds = Tuning.place * full[i] + (1 - Tuning.place) * look[i]
        let px = pose.place(Float(region.x + x), pose.center.y).x
        let beyond = max(0, max(abs(px), abs(py)) - Tuning.beyond) * Tuning.far
        score[i] = max(-Tuning.limit, min(Tuning.limit, odds)) + carried + ground[i] - beyond
      }
    }
  }

  /// Smooths the soft mask along the picture's edges.
  mutating func smooth(_ seen: Observation) {
    let diffusion = LabelDiffusion(
      lab: seen.lab, width: seen.grid.width, height: seen.grid.height, region: region, strength: Tuning.strength)
    let data = soft.map { abs(2 * $0 - 1) + 0.05 }
    soft = diffusion.solve(target: soft, data: data)
  }

  /// Confidence, 0…1: how far the mask overlaps with what the model takes for the object by look alone, and with what the
  /// model took for it when it had learnt from a person's masks only.
  ///
  /// Calibrated on the benchmark's clips: at 0.5 about half of the masks have J below 0.5.
  var confidence: Float {
    let overlap = (overlap(look) + overlap(anchored)) / 2
    let even: Float = 0.65
    return overlap < even ? 0.5 * overlap / even : 0.5 + 0.5 * (overlap - even) / (1 - even)
  }

  /// Intersection over union of the mask and the cells, not far outside the carried outline, where `odds` are above 0.
  private func overlap(_ odds: [Float]) -> Float {
    var (both, either) = (Float(0), Float(0))
    for i in soft.indices {
      let isMask = soft[i] > 0.5
      let isLikely = odds[i] > 0 && distance[i] > -12
      if isMask && isLikely { both += 1 }
      if isMask || isLikely { either += 1 }
    }
    return either == 0 ? 0 : both / either
  }

  mutating func eachCell(_ stride: Int, _ body: (_ at: Int, _ cell: Int, inout ObjectWindow) -> Void) {
    for y in 0..<region.height {
      for x in 0..<region.width {
        body(y * region.width + x, (region.y + y) * stride + region.x + x, &self)
      }
    }
  }
}
