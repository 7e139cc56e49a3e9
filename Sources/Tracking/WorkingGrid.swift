import Imaging

/// The reduced picture that objects are followed on: each cell is the mean of `factor` x `factor` pixels.
struct WorkingGrid: Sendable, Equatable {
  let factor: Int
  let width: Int
  let height: Int

  var count: Int { width * height }
  var bounds: Region { Region(x: 0, y: 0, width: width, height: height) }

  init(width: Int, height: Int, area: Int) {
    factor = max(1, Int((Double(width * height) / Double(area)).squareRoot().rounded()))
    self.width = (width + factor - 1) / factor
    self.height = (height + factor - 1) / factor
  }

  /// Mean R'G'B' levels of each cell, 0…255.
  func reduce(_ image: RGBImage, threads: Int) -> [SIMD4<Float>] {
    var cells = [SIMD4<Float>](repeating: .zero, count: count)
    cells.withUnsafeMutableBufferPointer { out in
      nonisolated(unsafe) let out = out
      image.pixels.withUnsafeBufferPointer { pixels in
        nonisolated(unsafe) let pixels = pixels
        Rows.concurrently(height, threads: threads) { rows in
          for y in rows {
            reduceRow(y, pixels, UnsafeMutableBufferPointer(rebasing: out[y * width..<(y + 1) * width]), image)
          }
        }
      }
    }
    return cells
  }

  private func reduceRow(
    _ y: Int, _ pixels: UnsafeBufferPointer<SIMD4<UInt16>>, _ out: UnsafeMutableBufferPointer<SIMD4<Float>>,
    _ image: RGBImage
  ) {
    let bottom = min(image.height, (y + 1) * factor)
    for x in 0..<width {
      let right = min(image.width, (x + 1) * factor)
      var sum = SIMD4<UInt32>.zero
      for py in y * factor..<bottom {
        for px in x * factor..<right { sum &+= SIMD4<UInt32>(truncatingIfNeeded: pixels[py &* image.width &+ px]) }
      }
      let pixelCount = (bottom - y * factor) * (right - x * factor)
      out[x] = SIMD4<Float>(sum) * (1 / (256 * Float(pixelCount)))
    }
  }

  /// The share of each cell of `region` that carries `label`, 0…1.
  func coverage(of label: UInt8, in labels: Plane<UInt8>, region: Region) -> Plane<Float> {
    var out = Plane<Float>(width: region.width, height: region.height, repeating: 0)
    for y in 0..<region.height {
      let rows = (region.y + y) * factor..<min(labels.height, (region.y + y + 1) * factor)
      for x in 0..<region.width {
        let columns = (region.x + x) * factor..<min(labels.width, (region.x + x + 1) * factor)
        var hits = 0
        for py in rows {
          for px in columns where labels.samples[py &* labels.width &+ px] == label { hits += 1 }
        }
        out.samples[y * region.width + x] = Float(hits) / Float(rows.count * columns.count)
      }
    }
    return out
  }

  /// The label that most pixels of each cell carry; on a tie the object, then the smaller label.
  func labels(of mask: Mask) -> Plane<UInt8> {
    if factor == 1 { return mask.labels }
    var out = Plane<UInt8>(width: width, height: height, repeating: 0)
    var votes = [Int](repeating: 0, count: 256)
    for y in 0..<height {
      for x in 0..<width {
        out.samples[y * width + x] = majority(mask.labels, x, y, &votes)
      }
    }
    return out
  }

  private func majority(_ labels: Plane<UInt8>, _ x: Int, _ y: Int, _ votes: inout [Int]) -> UInt8 {
    let rows = y * factor..<min(labels.height, (y + 1) * factor)
    let columns = x * factor..<min(labels.width, (x + 1) * factor)
    let first = labels.samples[rows.lowerBound &* labels.width &+ columns.lowerBound]
    var uniform = true
    for py in rows {
      for px in columns where labels.samples[py &* labels.width &+ px] != first { uniform = false }
    }
    if uniform { return first }
    for py in rows { for px in columns { votes[Int(labels.samples[py &* labels.width &+ px])] += 1 } }
    var best = 0
    var bestVotes = 0
    for label in 1...255 where votes[label] > bestVotes { (best, bestVotes) = (label, votes[label]) }
    if votes[0] > bestVotes { best = 0 }
    for index in votes.indices { votes[index] = 0 }
    return UInt8(best)
  }

  /// The cells that hold every pixel of `region`.
  func cells(of region: Region) -> Region {
    let right = (region.maxX + factor - 1) / factor
    let bottom = (region.maxY + factor - 1) / factor
    let x = region.x / factor
    let y = region.y / factor
    return Region(x: x, y: y, width: right - x, height: bottom - y).intersection(bounds)
  }
}
