/// What `cpk_network_layer` computes, written plainly: the same sums in the same order.
enum NetworkLayerReference {
  static func output(_ plane: CellPlane, _ layer: NetworkLayer) -> CellPlane {
    var out = CellPlane(width: plane.width, height: plane.height, channels: layer.outputs)
    let taps = (2 * layer.reach + 1) * (2 * layer.reach + 1)
    for y in 0..<plane.height {
      for x in 0..<plane.width {
        for output in 0..<layer.outputs {
          let table = output / 8 * taps * layer.inputs
          var sum = layer.biases[output]
          for tap in 0..<taps {
            let (dx, dy) = (tap % (2 * layer.reach + 1) - layer.reach, tap / (2 * layer.reach + 1) - layer.reach)
            let source = plane.offset(x: x + dx, y: y + dy)
            for input in 0..<layer.inputs {
              let weight = layer.weights[(table + tap * layer.inputs + input) * 8 + output % 8]
              sum += weight * plane.values[source + input]
            }
          }
          out.values[out.offset(x: x, y: y) + output] = layer.isRectified && !(sum > 0) ? 0 : sum
        }
      }
    }
    return out
  }
}
