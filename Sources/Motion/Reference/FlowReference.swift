import Imaging

/// The flow kernels in plain Swift, one sample at a time: what they are tested against, to the bit.
@_spi(Reference)
public enum FlowReference {
  /// Means of 2x2 samples; the last column and row are repeated.
  public static func halved(_ picture: Plane<UInt8>) -> Plane<Float> {
    var out = Plane<Float>(width: (picture.width + 1) / 2, height: (picture.height + 1) / 2, repeating: 0)
    for y in 0..<out.height {
      for x in 0..<out.width {
        let (right, below) = (min(2 * x + 1, picture.width - 1), min(2 * y + 1, picture.height - 1))
        let upper = Int(picture[2 * x, 2 * y]) + Int(picture[right, 2 * y])
        out[x, y] = Float(upper + Int(picture[2 * x, below]) + Int(picture[right, below])) * 0.25
      }
    }
    return out
  }

  /// Scharr's derivatives, per pixel.
  public static func gradients(_ image: Plane<Float>) -> (x: Plane<Float>, y: Plane<Float>) {
    var (gx, gy) = (image, image)
    for y in 0..<image.height {
      for x in 0..<image.width {
        func at(_ dx: Int, _ dy: Int) -> Float { image.clamped(x + dx, y + dy) }
        let across = ((at(1, -1) - at(-1, -1)) + (at(1, 1) - at(-1, 1))) * 3 + (at(1, 0) - at(-1, 0)) * 10
        let down = ((at(-1, 1) - at(-1, -1)) + (at(1, 1) - at(1, -1))) * 3 + (at(0, 1) - at(0, -1)) * 10
        gx[x, y] = across * (1 / 32)
        gy[x, y] = down * (1 / 32)
      }
    }
    return (gx, gy)
  }

  /// Bilinear, vectors twice as long. `width` and `height` are twice the field's, or one less.
  public static func enlarged(_ flow: FlowField, width: Int, height: Int) -> FlowField {
    var out = FlowField(width: width, height: height)
    for y in 0..<height {
      let near = y / 2
      let far = min(max(y % 2 == 1 ? near + 1 : near - 1, 0), flow.height - 1)
      func column(_ x: Int) -> SIMD2<Float> {
        let x = min(max(x, 0), flow.width - 1)
        return (flow[x, near] * 3 + flow[x, far]) * 0.5
      }
      for x in 0..<width {
        let side = x % 2 == 1 ? x / 2 + 1 : x / 2 - 1
        let isEdge = side < 0 || side >= flow.width
        out[x, y] = isEdge ? column(x / 2) : (column(x / 2) * 3 + column(side)) * 0.25
      }
    }
    return out
  }
}

extension Plane where Sample == Float {
  /// The sample, or the nearest one beyond the edge.
  func clamped(_ x: Int, _ y: Int) -> Float {
    samples[Swift.min(Swift.max(y, 0), height - 1) * width + Swift.min(Swift.max(x, 0), width - 1)]
  }
}
