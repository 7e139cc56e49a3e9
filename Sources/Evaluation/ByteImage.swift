import Imaging

/// 8-bit R'G'B', three bytes a pixel: what the scores are defined on.
struct ByteImage: Sendable {
  let width: Int
  let height: Int
  let bytes: [UInt8]

  init(_ image: RGBImage) {
    width = image.width
    height = image.height
    bytes = image.rgbBytes
  }

  /// dB over the whole picture; 100 for equal pictures.
  func psnr(against other: ByteImage) -> Double {
    var sum = 0
    for i in bytes.indices {
      let difference = Int(bytes[i]) &- Int(other.bytes[i])
      sum &+= difference &* difference
    }
    return decibels(squaredError: sum, samples: bytes.count)
  }

  /// dB over the pixels at `places`; 100 where all are equal.
  func psnr(against other: ByteImage, at places: [Int]) -> Double {
    var sum = 0
    for pixel in places {
      for i in 3 * pixel..<3 * pixel + 3 {
        let difference = Int(bytes[i]) - Int(other.bytes[i])
        sum += difference * difference
      }
    }
    return decibels(squaredError: sum, samples: 3 * places.count)
  }

  /// Mean magnitude of the 3x3 Sobel gradient of luma (BT.601 weights, rounded to 8 bits), edges mirrored.
  func meanGradient(at places: [Int]) -> Double {
    let grey = luma
    var sum = 0.0
    for pixel in places {
      let x = pixel % width
      let y = pixel / width
      let left = mirrored(x - 1, width)
      let right = mirrored(x + 1, width)
      let rows = [mirrored(y - 1, height) * width, y * width, mirrored(y + 1, height) * width]
      let across = { (row: Int) in grey[row + right] - grey[row + left] }
      let smooth = { (row: Int) in grey[row + left] + 2 * grey[row + x] + grey[row + right] }
      let gx = across(rows[0]) + 2 * across(rows[1]) + across(rows[2])
      let gy = smooth(rows[2]) - smooth(rows[0])
      sum += Double(gx * gx + gy * gy).squareRoot()
    }
    return sum / Double(places.count)
  }

  /// 15-bit fixed-point weights, so that rounding agrees with OpenCV's.
  private var luma: [Int] {
    (0..<width * height).map { pixel in
      let sum = 9798 * Int(bytes[3 * pixel]) + 19235 * Int(bytes[3 * pixel + 1]) + 3735 * Int(bytes[3 * pixel + 2])
      return (sum + 16384) >> 15
    }
  }

  /// Mirrored about the border sample, which is not repeated.
  private func mirrored(_ i: Int, _ count: Int) -> Int {
    if count == 1 { return 0 }
    return i < 0 ? -i : i >= count ? 2 * count - 2 - i : i
  }
}
