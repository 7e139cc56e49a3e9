import Imaging

/// The palette of PASCAL VOC, and DAVIS's own, which has 191 for 192.
enum PaletteColors {
  private static let labels: [UInt32: UInt8] = {
    var labels: [UInt32: UInt8] = [:]
    for label in UInt8.min...UInt8.max {
      let color = Mask.paletteColor(label)
      let levels = [color.red, color.green, color.blue].map(UInt32.init)
      labels[key(levels)] = label
      let davis = key(levels.map { $0 == 192 ? 191 : $0 })
      if labels[davis] == nil { labels[davis] = label }
    }
    return labels
  }()

  /// nil where some 8-bit colour is not in the palette.
  static func labels(of frame: Frame) -> Mask? {
    guard frame.format.layout == .rgb, case .bytes(let red) = frame.planes[0], case .bytes(let green) = frame.planes[1],
      case .bytes(let blue) = frame.planes[2]
    else { return nil }
    var mask = Mask(width: frame.width, height: frame.height)
    var last: (color: UInt32, label: UInt8) = (0, 0)
    for i in red.samples.indices {
      let color = UInt32(red.samples[i]) << 16 | UInt32(green.samples[i]) << 8 | UInt32(blue.samples[i])
      if color != last.color {
        guard let label = labels[color] else { return nil }
        last = (color, label)
      }
      mask.labels.samples[i] = last.label
    }
    return mask
  }

  private static func key(_ levels: [UInt32]) -> UInt32 { levels[0] << 16 | levels[1] << 8 | levels[2] }

  /// The palette's entries as FFmpeg's words of alpha, red, green and blue.
  static let words: [UInt32] = (UInt8.min...UInt8.max).map { label in
    let color = Mask.paletteColor(label)
    return 0xFF00_0000 | key([color.red, color.green, color.blue].map(UInt32.init))
  }
}
