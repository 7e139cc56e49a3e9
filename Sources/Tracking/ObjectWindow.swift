import Imaging

/// One object's evidence on a frame, over the part of the grid where it can be. Arrays hold `region.area` cells.
struct ObjectWindow: Sendable {
  /// The object's index from 1, in order of appearance.
  let index: Int
  let region: Region
  let pose: Pose
  /// Found by its look over the whole frame, not carried by the flow.
  var isFound = false
  /// Signed distance to the outline carried by the flow, in cells, above 0 inside.
  let distance: [Float]
  /// The appearance model's log-odds against the background by look alone, and with the place.
  var look: [Float]
  var full: [Float]
  /// Log-odds of all evidence together.
  var score: [Float]
  /// The soft mask, 0…1.
  var soft: [Float]

  init(index: Int, region: Region, pose: Pose, distance: [Float]) {
    self.index = index
    self.region = region
    self.pose = pose
    self.distance = distance
    look = [Float](repeating: 0, count: distance.count)
    full = look
    score = look
    soft = look
  }

  mutating func weigh(_ model: AppearanceModel, _ hidden: [Float], _ width: Int) {
    (look, full) = model.margins(index, hidden: hidden, width: width, region: region, pose: pose)
  }

  /// Cells that the model takes for the object where it can be.
  var support: Float {
    var sum: Float = 0
    for i in full.indices where distance[i] > -3 { sum += Logistic.sigmoid(full[i]) }
    return sum
  }

  mutating func joinEvidence() {
    for i in score.indices {
      let d = distance[i]
      let prior = d > 0 ? min(Tuning.inside, d * Tuning.slopeIn) : max(-Tuning.outside, d * Tuning.slopeOut)
      let odds = Tuning.place * full[i] + (1 - Tuning.place) * look[i]
      score[i] = max(-Tuning.limit, min(Tuning.limit, odds)) + prior
    }
  }

  /// Smooths the soft mask along the picture's edges.
  mutating func smooth(_ seen: Observation) {
    let diffusion = LabelDiffusion(
      lab: seen.lab, width: seen.grid.width, height: seen.grid.height, region: region, strength: Tuning.strength)
    let data = soft.map { abs(2 * $0 - 1) + 0.05 }
    soft = diffusion.solve(target: soft, data: data)
  }

  /// How far the mask and the appearance model's own opinion overlap: intersection over union.
  var agreement: Float {
    var both: Float = 0
    var either: Float = 0
    for i in soft.indices {
      let a = soft[i] > 0.5
      let b = look[i] > 0 && distance[i] > -12
      if a && b { both += 1 }
      if a || b { either += 1 }
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
