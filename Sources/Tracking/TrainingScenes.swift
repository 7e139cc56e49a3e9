import CPixelKernels

/// New pictures of the same objects, made from one labelled frame: objects moved, scaled, turned and lit otherwise over a
/// moved background, after "Lucid Data Dreaming for Video Object Segmentation" (Khoreva et al., 2017).
struct TrainingScenes {
  private let lab: [Float]
  /// The background with the objects taken out.
  private let plate: [Float]
  /// The object's index from 1 for each cell, or 0.
  private let labels: [UInt8]
  private let boxes: [(label: UInt8, left: Int, top: Int, right: Int, bottom: Int)]
  private let width: Int
  private let height: Int

  struct Scene {
    var lab: [Float]
    var labels: [UInt8]
  }

  init(lab: [Float], labels: [UInt8], width: Int, height: Int) {
    self.lab = lab
    self.labels = labels
    self.width = width
    self.height = height
    plate = Self.plate(lab, labels, width, height)
    boxes = Self.boxes(labels, width)
  }

  private static func boxes(_ labels: [UInt8], _ width: Int)
    -> [(label: UInt8, left: Int, top: Int, right: Int, bottom: Int)]
  {
    var found = [(left: Int, top: Int, right: Int, bottom: Int)](
      repeating: (.max, .max, -1, -1), count: 256)
    for (i, label) in labels.enumerated() where label != 0 {
      let (x, y) = (i % width, i / width)
      let b = found[Int(label)]
      found[Int(label)] = (min(b.left, x), min(b.top, y), max(b.right, x), max(b.bottom, y))
    }
    return (1...255).compactMap { k in
      let b = found[k]
      return b.right < 0 ? nil : (UInt8(k), b.left, b.top, b.right, b.bottom)
    }
  }

  /// Fills the objects with means of the background over growing windows.
  private static func plate(_ lab: [Float], _ labels: [UInt8], _ width: Int, _ height: Int) -> [Float] {
    let cells = width * height
    var plate = lab
    var open = labels.map { $0 != 0 }
    var share = [Float](repeating: 0, count: cells)
    var mean = [Float](repeating: 0, count: 3 * cells)
    var scratch = [Float](repeating: 0, count: cells)
    let known = labels.map { Float($0 == 0 ? 1 : 0) }
    let box = cpk_track().pointee.box_mean!
    for radius in [6, 24, 96, 384] where open.contains(true) {
      box(known, &share, &scratch, Int32(width), Int32(height), Int32(radius))
      for c in 0..<3 {
        let masked = (0..<cells).map { lab[c * cells + $0] * known[$0] }
        mean.withUnsafeMutableBufferPointer {
          box(masked, $0.baseAddress! + c * cells, &scratch, Int32(width), Int32(height), Int32(radius))
        }
      }
      for i in 0..<cells where open[i] && share[i] > 0.1 {
        for c in 0..<3 { plate[c * cells + i] = mean[c * cells + i] / share[i] }
        open[i] = false
      }
    }
    return plate
  }

  /// A new scene; its objects keep their labels.
  func scene(_ random: inout RandomSource) -> Scene {
    let cells = width * height
    var scene = Scene(lab: [Float](repeating: 0, count: 3 * cells), labels: [UInt8](repeating: 0, count: cells))
    let shift = (random.float(-0.12, 0.12) * Float(width), random.float(-0.08, 0.08) * Float(height))
    paintBackground(&scene, shift, zoom: random.float(0.85, 1.15))
    for box in boxes { paste(box, onto: &scene, &random) }
    light(&scene, &random)
    let radius = random.index(4)
    if radius >= 2 { blur(&scene, radius - 1) }
    return scene
  }

  private func paintBackground(_ scene: inout Scene, _ shift: (Float, Float), zoom: Float) {
    let cells = width * height
    let (cx, cy) = (Float(width) / 2, Float(height) / 2)
    for y in 0..<height {
      for x in 0..<width {
        let sx = Self.mirrored(Int((Float(x) - cx) * zoom + cx + shift.0), width)
        let sy = Self.mirrored(Int((Float(y) - cy) * zoom + cy + shift.1), height)
        let from = sy * width + sx
        for c in 0..<3 { scene.lab[c * cells + y * width + x] = plate[c * cells + from] }
      }
    }
  }

  private static func mirrored(_ v: Int, _ size: Int) -> Int {
    let low = v < 0 ? -v : v
    return max(0, min(size - 1, low >= size ? 2 * (size - 1) - low : low))
  }

  private func paste(
    _ box: (label: UInt8, left: Int, top: Int, right: Int, bottom: Int), onto scene: inout Scene,
    _ random: inout RandomSource
  ) {
    let cells = width * height
    let zoom = random.float(0.75, 1.35)
    let sine = random.float(-0.25, 0.25)
    let cosine = (1 - sine * sine).squareRoot()
    let flip: Float = random.index(4) == 0 ? -1 : 1
    let reach = Float(max(box.right - box.left, box.bottom - box.top) + 1)
    let center = (Float(box.left + box.right) / 2, Float(box.top + box.bottom) / 2)
    let target = (center.0 + random.float(-0.6, 0.6) * reach, center.1 + random.float(-0.3, 0.3) * reach)
    // Light and shade that fall on the object alone.
    let glow = SIMD3(random.float(-1, 1), random.float(-1, 1), random.float(-1, 1)) * 0.4
    let half = reach * 0.75 * zoom + 2
    for y in max(0, Int(target.1 - half))..<max(0, Int(target.1 - half), min(height, Int(target.1 + half))) {
      for x in max(0, Int(target.0 - half))..<max(0, Int(target.0 - half), min(width, Int(target.0 + half))) {
        let (dx, dy) = ((Float(x) - target.0) / zoom * flip, (Float(y) - target.1) / zoom)
        let sx = Int((cosine * dx + sine * dy + center.0).rounded())
        let sy = Int((cosine * dy - sine * dx + center.1).rounded())
        guard sx >= 0, sy >= 0, sx < width, sy < height, labels[sy * width + sx] == box.label else { continue }
        for c in 0..<3 { scene.lab[c * cells + y * width + x] = lab[c * cells + sy * width + sx] }
        scene.lab[y * width + x] += glow.x + glow.y * dx / reach + glow.z * dy / reach
        scene.labels[y * width + x] = box.label
      }
    }
  }

  private func light(_ scene: inout Scene, _ random: inout RandomSource) {
    let cells = width * height
    let gain = random.float(0.85, 1.15)
    let shifts = (random.float(-0.12, 0.12), random.float(-0.08, 0.08), random.float(-0.08, 0.08))
    for i in 0..<cells {
      scene.lab[i] = (scene.lab[i] + 1) * gain - 1 + shifts.0
      scene.lab[cells + i] = scene.lab[cells + i] * gain + shifts.1
      scene.lab[2 * cells + i] = scene.lab[2 * cells + i] * gain + shifts.2
    }
  }

  private func blur(_ scene: inout Scene, _ radius: Int) {
    let cells = width * height
    var scratch = [Float](repeating: 0, count: cells)
    var out = scene.lab
    let box = cpk_track().pointee.box_mean!
    scene.lab.withUnsafeBufferPointer { source in
      out.withUnsafeMutableBufferPointer { out in
        for c in 0..<3 {
          box(
            source.baseAddress! + c * cells, out.baseAddress! + c * cells, &scratch, Int32(width), Int32(height),
            Int32(radius))
        }
      }
    }
    scene.lab = out
  }
}
