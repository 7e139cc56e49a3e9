import NeuralGraph
import NeuralRuntime

extension XMemNetwork {
  /// [1 + objects, height, width] each: the background's and the objects' logits, and the softmax over them.
  public struct Aggregated: Sendable {
    public let logits: NeuralTensor
    public let probabilities: NeuralTensor
  }

  /// Objects' quarter-size logits [1, 1, rows, columns], enlarged and joined.
  public func probabilities(logits: [NeuralTensor]) throws -> Aggregated {
    let shape = logits[0].shape
    let all = NeuralTensor.joined(logits.map { $0.reshaped([1, $0.count]) })
      .reshaped([1, logits.count, shape[2], shape[3]])
    return try aggregated("logits \(all.shape)", all) { value in
      value.resize([shape[2] * 4, shape[3] * 4], .bilinear(alignCorners: false)).sigmoid()
    }
  }

  /// Objects' probabilities [objects, height, width], made to share each pixel with the background.
  public func aggregate(_ probabilities: NeuralTensor) throws -> Aggregated {
    try aggregated("masks \(probabilities.shape)", probabilities.reshaped([1] + probabilities.shape)) { $0 }
  }

  /// The background is what no object claims; odds are kept off 0 and 1.
  private func aggregated(
    _ key: String, _ planes: NeuralTensor, odds: (Value) -> Value
  ) throws -> Aggregated {
    let outputs = try network.run(key, ["planes": planes]) { graph in
      let odds = odds(graph.input("planes", planes.shape))
      let all = graph.concat([(1 - odds).product([1]), odds], 1).clamped(1e-7, 1 - 1e-7)
      let logits = (all / (1 - all)).log()
      graph.output("logits", logits.squeeze(0))
      graph.output("probabilities", logits.softmax(1).squeeze(0))
    }
    return Aggregated(logits: outputs["logits"]!, probabilities: outputs["probabilities"]!)
  }

  /// What the value encoder sees of an object: its own plane and the sum of the others', [1, 2, height, width].
  /// - Parameter probabilities: [1 + objects, height, width].
  public static func maskPlanes(_ probabilities: NeuralTensor, object: Int) -> NeuralTensor {
    let area = probabilities.shape[1] * probabilities.shape[2]
    return probabilities.withFloats { planes in
      NeuralTensor([1, 2] + probabilities.shape[1...]) { out in
        _ = out.update(fromContentsOf: planes[(object + 1) * area..<(object + 2) * area])
        for other in 1..<probabilities.shape[0] where other != object + 1 {
          for pixel in 0..<area { out[area + pixel] += planes[other * area + pixel] }
        }
      }
    }
  }
}

/// Zeros around a picture that bring its sides to multiples of 16, the smaller half first.
struct XMemPadding {
  let height: Int
  let width: Int

  private var top: Int { (16 - height % 16) % 16 / 2 }
  private var left: Int { (16 - width % 16) % 16 / 2 }
  private var paddedHeight: Int { (height + 15) / 16 * 16 }
  private var paddedWidth: Int { (width + 15) / 16 * 16 }

  func padded(_ tensor: NeuralTensor) -> NeuralTensor {
    guard height != paddedHeight || width != paddedWidth else { return tensor }
    let area = height * width
    return tensor.withFloats { floats in
      NeuralTensor(Array(tensor.shape.dropLast(2)) + [paddedHeight, paddedWidth]) { out in
        for plane in 0..<floats.count / area {
          for y in 0..<height {
            let from = plane * area + y * width
            let to = (plane * paddedHeight + y + top) * paddedWidth + left
            _ = out[to...].update(fromContentsOf: floats[from..<from + width])
          }
        }
      }
    }
  }

  func cropped(_ tensor: NeuralTensor) -> NeuralTensor {
    guard height != paddedHeight || width != paddedWidth else { return tensor }
    let area = paddedHeight * paddedWidth
    return tensor.withFloats { floats in
      NeuralTensor(Array(tensor.shape.dropLast(2)) + [height, width]) { out in
        for plane in 0..<floats.count / area {
          for y in 0..<height {
            let from = plane * area + (y + top) * paddedWidth + left
            _ = out[((plane * height + y) * width)...].update(fromContentsOf: floats[from..<from + width])
          }
        }
      }
    }
  }
}
