import Imaging
import Motion

/// Motion inside and near the hole, where none can be measured, from what is measured around it.
struct FlowCompletion {
  let measured: TwoWayFlow
  /// For each cell of the flow; not 0 where the measurement is not believed: the hole, grown.
  let sought: Plane<UInt8>
  /// Not 0 at other cells whose forward and backward flows disagree: nothing is carried inwards from them.
  let doubtful: Plane<UInt8>

  /// Residual to the camera's motion, in pixels, above which a measured vector belongs to something else that moves.
  private static let outlier: Float = 1.5
  /// Difference of neighbours' residuals, in pixels, at which layers part.
  private static let tear: Float = 0.4

  /// The membrane that the surrounding flow spans.
  func smooth() -> TwoWayFlow {
    complete(measured.vectors, barred: doubtful)
  }

  /// The camera's motion plus the membrane of what the surroundings depart from it. `layered` lets everything around the
  /// hole reach inwards, each mover over its own piece; otherwise only the background does.
  func following(_ camera: CameraStep, layered: Bool) -> TwoWayFlow {
    let base = camera.field(measured.cells)
    var residual = measured.vectors
    var barred = doubtful
    let limit = FlowCompletion.outlier * FlowCompletion.outlier
    for index in residual.indices {
      residual[index] -= base[index]
      if layered { continue }
      let squares = residual[index] * residual[index]
      if squares.x + squares.y > limit || squares.z + squares.w > limit { barred.samples[index] = 255 }
    }
    var out = complete(residual, barred: barred, tear: layered ? FlowCompletion.tear : nil)
    for index in residual.indices {
      out.vectors[index] = sought.samples[index] == 0 ? measured.vectors[index] : out.vectors[index] + base[index]
    }
    return out
  }

  private func complete(_ vectors: [SIMD4<Float>], barred: Plane<UInt8>, tear: Float? = nil) -> TwoWayFlow {
    var unknown = sought.united(with: barred)
    if !unknown.samples.contains(0) { unknown = sought }
    var values = vectors
    if !unknown.samples.contains(0) { values = [SIMD4<Float>](repeating: .zero, count: values.count) }
    unknown = unknown.parts(holding: sought)
    Membrane.fill(&values, mask: unknown, tear: tear)
    var out = measured
    for index in values.indices where sought.samples[index] != 0 { out.vectors[index] = values[index] }
    return out
  }
}

extension Plane where Sample == UInt8 {
  /// `seeds`, all of which are above 0 here too, and what hangs together with them. 255 there, 0 elsewhere.
  fileprivate func parts(holding seeds: Plane<UInt8>) -> Plane<UInt8> {
    let parts = components(connectivity: .four)
    var isHeld = [Bool](repeating: false, count: parts.count + 1)
    for (seed, part) in zip(seeds.samples, parts.labels.samples) where seed != 0 { isHeld[Int(part)] = true }
    return parts.coverage { isHeld[Int($0)] }
  }
}
