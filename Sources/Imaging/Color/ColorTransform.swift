import CPixelKernels

/// How a frame's samples relate to 8.8 levels: the equations of ITU-R BT.601, BT.709 and BT.2020 (non-constant
/// luminance) with the quantisation of ITU-T H.273.
struct ColorTransform {
  /// Of Y', or of each of R', G' and B'.
  let luma: cpk_scale
  let chroma: cpk_scale
  let lumaQuantizer: cpk_quantizer
  let chromaQuantizer: cpk_quantizer
  let matrix: cpk_ycc
  let siting: ColorDescription.ChromaSiting

  init(format: PixelFormat, color: ColorDescription, width: Int, height: Int) {
    let unit = Float(1 << (format.bitDepth - 8))
    let max = Float(format.maxValue)
    let limited = color.resolvedRange(for: format.layout) == .limited
    let lumaSpan = limited ? 219 * unit : max
    let chromaSpan = limited ? 224 * unit : max
    let black = limited ? 16 * unit : 0
    luma = cpk_scale(offset: black, scale: Self.white / lumaSpan)
    chroma = cpk_scale(offset: 128 * unit, scale: Self.white / chromaSpan)
    lumaQuantizer = cpk_quantizer(scale: lumaSpan / Self.white, offset: black, max: max)
    chromaQuantizer = cpk_quantizer(scale: chromaSpan / Self.white, offset: 128 * unit, max: max)
    matrix = cpk_ycc(color.resolvedMatrix(width: width, height: height))
    siting = color.resolvedSiting
  }

  init(_ frame: Frame) {
    self.init(format: frame.format, color: frame.color, width: frame.width, height: frame.height)
  }

  /// The level of white.
  private static let white: Float = 65280
}

extension cpk_ycc {
  init(_ matrix: ColorDescription.Matrix) {
    let (kr, kb): (Double, Double) =
      switch matrix {
      case .bt601: (0.299, 0.114)
      case .bt709: (0.2126, 0.0722)
      case .bt2020: (0.2627, 0.0593)
      }
    let kg = 1 - kr - kb
    self.init(
      kr: Float(kr), kg: Float(kg), kb: Float(kb),
      cr_r: Float(2 * (1 - kr)), cb_g: Float(-2 * (1 - kb) * kb / kg), cr_g: Float(-2 * (1 - kr) * kr / kg),
      cb_b: Float(2 * (1 - kb)), b_cb: Float(1 / (2 * (1 - kb))), r_cr: Float(1 / (2 * (1 - kr))))
  }
}
