import CPixelKernels

/// What distances are measured to.
public enum DistanceTarget: Sendable {
  /// The nearest sample above 0.
  case foreground
  /// The nearest sample that is 0. The world outside the plane does not count.
  case background
}

extension Plane where Sample == UInt8 {
  /// For each sample the squared Euclidean distance, in pixels, to the centre of the nearest sample of `target`: exact.
  /// 0 on the target itself; `Int32.max` everywhere where there is none.
  ///
  /// P. Felzenszwalb, D. Huttenlocher: Distance Transforms of Sampled Functions (2012), in integers.
  public func squaredDistances(to target: DistanceTarget = .foreground, threads: Int = 1) -> Plane<Int32> {
    let steps = columnSteps(to: target)
    return Plane<Int32>(width: width, height: height, repeating: 0, threads: threads) { y, row in
      let scratch = Scratch<Int32>(count: 2 * width, repeating: 0)
      steps.samples.withUnsafeBufferPointer {
        cpk_pixel().pointee.row_distances($0.baseAddress! + y * width, Int32(width), scratch.base, row)
      }
    }
  }

  /// For each sample how many rows away the nearest of `target` in its column is; `CPK_FAR` or more where there is none.
  func columnSteps(to target: DistanceTarget) -> Plane<Int32> {
    let set = target == .foreground ? self : map { $0 == 0 ? 1 : 0 }
    var steps = Plane<Int32>(width: width, height: height, repeating: Int32(CPK_FAR))
    let far = [Int32](repeating: Int32(CPK_FAR), count: width)
    let kernels = cpk_pixel().pointee
    let count = Int32(width)
    set.samples.withUnsafeBufferPointer { source in
      steps.samples.withUnsafeMutableBufferPointer { buffer in
        let base = buffer.baseAddress!
        kernels.column_steps(source.baseAddress!, far, count, base)
        for y in 1..<max(1, height) where height > 1 {
          kernels.column_steps(source.baseAddress! + y * width, base + (y - 1) * width, count, base + y * width)
        }
        for y in stride(from: height - 2, through: 0, by: -1) {
          kernels.column_steps_back(base + (y + 1) * width, count, base + y * width)
        }
      }
    }
    return steps
  }
}
