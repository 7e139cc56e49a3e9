extension Mask {
  /// The colour of a label in previews and indexed mask files: the palette of PASCAL VOC and DAVIS, which spreads the
  /// bits of the label over red, green and blue. Label 0 is black.
  public static func paletteColor(_ label: UInt8) -> (red: UInt8, green: UInt8, blue: UInt8) {
    var (red, green, blue): (UInt8, UInt8, UInt8) = (0, 0, 0)
    for bit in 0..<3 {
      let bits = label >> UInt8(3 * bit)
      let place = UInt8(7 - bit)
      red |= (bits & 1) << place
      green |= (bits >> 1 & 1) << place
      blue |= (bits >> 2 & 1) << place
    }
    return (red, green, blue)
  }
}

extension RGBImage {
  /// The preview of a mask: each object mixed with `opacity` (0…1) of its palette colour, and around each a black line of
  /// `contour` pixels (0 for none) on what surrounds it.
  /// - Precondition: `mask` is of the image's size.
  public func tinted(by mask: Mask, opacity: Float = 0.5, contour: Int = 1) -> RGBImage {
    precondition(mask.width == width && mask.height == height, "mask of another size than the image")
    let share = UInt32(max(0, min(256, opacity * 256)))
    let tints = (0...255).map { label -> SIMD4<UInt32> in
      let color = Mask.paletteColor(UInt8(label))
      return SIMD4(UInt32(color.red), UInt32(color.green), UInt32(color.blue), 0) &* (share << 8)
    }
    var out = self
    for (index, label) in mask.labels.samples.enumerated() where label != 0 {
      let own = SIMD4<UInt32>(truncatingIfNeeded: pixels[index]) &* (256 - share)
      out.pixels[index] = SIMD4(truncatingIfNeeded: (own &+ tints[Int(label)] &+ 128) &>> 8)
    }
    if contour > 0 { out.drawContours(of: mask, width: contour) }
    return out
  }

  /// Around each object in turn, so that objects that touch are told apart.
  private mutating func drawContours(of mask: Mask, width contour: Int) {
    let reach = min(contour, width + height)
    for (object, box) in mask.objectBoxes() {
      let area = box.grown(by: reach).intersection(bounds)
      let own = mask.labels.cropped(to: area).map { $0 == object ? UInt8(255) : 0 }
      let grown = own.dilated(radius: reach)
      for y in 0..<area.height {
        for x in 0..<area.width where grown[x, y] != 0 && own[x, y] == 0 {
          self[area.x + x, area.y + y] = .zero
        }
      }
    }
  }
}
