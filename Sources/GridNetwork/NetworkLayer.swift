import CPixelKernels
import Imaging

/// One layer of a network: a sum over a cell's own channels, or over those of its 3 x 3 neighbourhood.
package struct NetworkLayer: Sendable {
  package let inputs: Int
  package let outputs: Int
  /// 0 for a cell alone, 1 for its neighbourhood.
  package let reach: Int
  /// Whether negative sums become 0.
  package let isRectified: Bool
  /// [output / 8][dy][dx][input][output % 8].
  package let weights: [Float]
  package let biases: [Float]

  package func callAsFunction(_ plane: CellPlane, threads: Int) -> CellPlane {
    precondition(plane.channels == inputs, "a layer of \(inputs) channels was given \(plane.channels)")
    var out = CellPlane(width: plane.width, height: plane.height, channels: outputs)
    out.values.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let base = buffer.baseAddress!
      let kernel = cpk_network_layer_kernel()!
      Rows.concurrently(plane.height, threads: threads) { rows in
        kernel(
          plane.values, base, Int32(plane.width), Int32(rows.lowerBound), Int32(rows.upperBound), Int32(inputs),
          Int32(outputs), Int32(reach), weights, biases, isRectified ? 1 : 0)
      }
    }
    return out
  }
}
