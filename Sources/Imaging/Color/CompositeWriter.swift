import CPixelKernels

/// Writes rows of an image into a frame's planes under an alpha, with scratch of its own.
///
/// Works by rows of chroma: each takes the luma rows that share it, and where the siting asks for it the one above.
struct CompositeWriter: ~Copyable {
  private let job: CompositeJob
  private let sinks: [SampleSink]
  private let transform: ColorTransform
  private let shift: (x: Int, y: Int)
  /// Chroma columns written; one chroma column is `1 << shift.x` luma columns.
  private let columns: Range<Int>
  /// Rows of Y', Cb, Cr or R', G', B' levels of the target.
  private let levels: Scratch<Float>
  /// Sums of alpha, Cb and Cr by luma column, and of the alpha of the luma rows that share the chroma row. They begin one
  /// column before the first chroma sample's own.
  private let sums: Scratch<Float>
  private let stride: Int
  /// The sums filtered and halved.
  private let halves: Scratch<Float>

  init(_ job: CompositeJob, _ sinks: [SampleSink]) {
    self.job = job
    self.sinks = sinks
    transform = ColorTransform(job.frame)
    shift = job.frame.format.chromaShift
    columns = job.target.x >> shift.x..<((job.target.maxX - 1) >> shift.x) + 1
    stride = 2 * columns.count + 2
    levels = Scratch(count: 3 * job.target.width, repeating: 0)
    sums = Scratch(count: 4 * stride, repeating: 0)
    halves = Scratch(count: 4 * columns.count, repeating: 0)
  }

  func write(chromaRow row: Int) {
    let shared = (row << shift.y)..<min((row + 1) << shift.y, job.frame.height)
    guard shift.x > 0 else {
      convert(row)
      for plane in sinks.indices { merge(plane, row) }
      return
    }
    sums.base.update(repeating: 0, count: 4 * stride)
    let reachesUp = shift.y > 0 && transform.siting == .topLeft
    if reachesUp, hasTarget(row: shared.lowerBound - 1) {
      convert(shared.lowerBound - 1)
      weigh(shared.lowerBound - 1, 1)
    }
    for y in shared where hasTarget(row: y) {
      convert(y)
      merge(0, y)
      weigh(y, reachesUp && y == shared.lowerBound ? 2 : 1)
      addOpacity(y)
    }
    mergeChroma(row, luma: shared.count)
  }

  private func hasTarget(row y: Int) -> Bool { y >= job.target.y && y < job.target.maxY }

  private func withAlpha(row y: Int, _ body: (UnsafePointer<UInt8>) -> Void) {
    job.alpha.samples.withUnsafeBufferPointer {
      body($0.baseAddress! + (y - job.region.y) * job.alpha.width + job.target.x - job.region.x)
    }
  }

  private func level(_ plane: Int) -> UnsafeMutablePointer<Float> { levels.base + plane * job.target.width }

  private func convert(_ y: Int) {
    let count = Int32(job.target.width)
    job.image.withWords(row: y - job.region.y, from: job.target.x - job.region.x) { words in
      if job.frame.format.layout == .rgb {
        cpk_pixel().pointee.pixels_to_rgb(words, count, level(0), level(1), level(2))
      } else {
        cpk_pixel().pointee.pixels_to_ycc(words, count, transform.matrix, level(0), level(1), level(2))
      }
    }
  }

  /// Writes a plane of luma's size.
  private func merge(_ plane: Int, _ y: Int) {
    let isLuma = plane == 0 || job.frame.format.layout == .rgb
    withAlpha(row: y) { alpha in
      sinks[plane].merge(
        level(plane), alpha, count: job.target.width, isLuma ? transform.lumaQuantizer : transform.chromaQuantizer,
        x: job.target.x, y: y)
    }
  }

  /// The target's first column among the sums.
  private var lead: Int { job.target.x - 2 * columns.lowerBound + 1 }

  private func weigh(_ y: Int, _ weight: Float) {
    let targets: [UnsafeMutablePointer<Float>?] = (0..<3).map { sums.base + $0 * stride + lead }
    withAlpha(row: y) { alpha in
      cpk_pixel().pointee.weigh_chroma(alpha, level(1), level(2), weight, Int32(job.target.width), targets)
    }
  }

  private func addOpacity(_ y: Int) {
    let opacity = sums.base + 3 * stride + lead
    withAlpha(row: y) { alpha in
      for x in 0..<job.target.width { opacity[x] += Float(alpha[x]) }
      // A last chroma column that only one luma column shares.
      if job.target.maxX == job.frame.width, job.frame.width & 1 == 1 {
        opacity[job.target.width] += Float(alpha[job.target.width - 1])
      }
    }
  }

  private func mergeChroma(_ row: Int, luma rows: Int) {
    let kernels = cpk_pixel().pointee
    let count = columns.count
    let filter = transform.siting == .center ? kernels.downsample_center : kernels.downsample_left
    for index in 0..<3 { filter?(sums.base + index * stride + 1, Int32(count), halves.base + index * count) }
    let opacity = halves.base + 3 * count
    kernels.downsample_center(sums.base + 3 * stride + 1, Int32(count), opacity)
    let full = Float(2 * rows * 255)
    for x in 0..<count { opacity[x] /= full }
    for plane in 1...2 {
      sinks[plane].mergeChroma(
        halves.base + plane * count, weight: halves.base, opacity: opacity, count: count, transform.chromaQuantizer,
        x: columns.lowerBound, y: row)
    }
  }
}
