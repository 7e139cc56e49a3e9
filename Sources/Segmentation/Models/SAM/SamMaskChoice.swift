import NeuralRuntime

/// Which of the decoder's masks is the answer.
public struct SamMaskChoice: Sendable {
  /// Three masks for an ambiguous prompt (whole, part, subpart), rather than one.
  public var multimask: Bool
  /// The high-quality mask alone, rather than added to the chosen one.
  public var highQualityOnly: Bool

  public init(multimask: Bool, highQualityOnly: Bool = false) {
    self.multimask = multimask
    self.highQualityOnly = highQualityOnly
  }

  /// The high-quality decoder's answer: the chosen mask's logits and the high-quality token's, added up.
  /// - Parameters:
  ///   - masks: [objects, 5, 256, 256].
  ///   - iou: [objects, 4].
  /// - Returns: [objects, 1, 256, 256] and [objects, 1].
  public func highQuality(masks: NeuralTensor, iou: NeuralTensor) -> (mask: NeuralTensor, iou: NeuralTensor) {
    let (batch, size) = (masks.shape[0], masks.shape[2] * masks.shape[3])
    let qualities = iou.floats
    var chosen: [Int] = []
    for object in 0..<batch {
      let own = (0..<4).map { qualities[object * 4 + $0] }
      chosen.append(multimask ? (1...3).max { own[$0] < own[$1] || (own[$0] == own[$1] && $0 > $1) }! : 0)
    }
    let mask = masks.withFloats { source in
      NeuralTensor([batch, 1, masks.shape[2], masks.shape[3]]) { out in
        for object in 0..<batch {
          let fine = (object * 5 + 4) * size
          let coarse = (object * 5 + chosen[object]) * size
          for index in 0..<size {
            out[object * size + index] = source[fine + index] + (highQualityOnly ? 0 : source[coarse + index])
          }
        }
      }
    }
    return (mask, NeuralTensor(chosen.enumerated().map { qualities[$0.offset * 4 + $0.element] }, [batch, 1]))
  }
}
