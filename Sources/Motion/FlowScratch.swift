import CPixelKernels

/// What the variational refinement works in, used for one level after another.
///
/// Kernels read a little beyond what they wrote: memory that is zero at first and only ever holds finite numbers.
final class FlowScratch {
  static let planes = 10
  private let planeBuffer: FlowBuffer
  private let systemBuffer: FlowBuffer

  /// - Parameters: the largest size that is refined.
  init(width: Int, height: Int) {
    planeBuffer = FlowBuffer(count: Self.planes * BorderedPlane.count(width: width, height: height))
    systemBuffer = FlowBuffer(count: FlowSystem.count(width: width, height: height))
  }

  func planes(width: Int, height: Int) -> [BorderedPlane] {
    let count = BorderedPlane.count(width: width, height: height)
    return (0..<Self.planes).map { BorderedPlane(width: width, height: height, in: planeBuffer, at: $0 * count) }
  }

  func system(width: Int, height: Int) -> FlowSystem { FlowSystem(width: width, height: height, in: systemBuffer) }
}

/// The planes of `cpk_flow_system`.
final class FlowSystem: @unchecked Sendable {
  private static let planes = 20
  private let buffer: FlowBuffer
  private let system: cpk_flow_system

  init(width: Int, height: Int, in buffer: FlowBuffer) {
    let (half, stride, plane) = Self.layout(width: width, height: height)
    self.buffer = buffer
    var next = buffer.start + 2 * stride + 16
    func take() -> UnsafeMutablePointer<Float> {
      defer { next += plane }
      return next
    }
    var system = cpk_flow_system()
    withUnsafeMutableBytes(of: &system.constraint) { bytes in
      let pointers = bytes.assumingMemoryBound(to: UnsafeMutablePointer<Float>.self)
      for i in 0..<9 { pointers[i] = take() }
    }
    (system.u0, system.v0, system.u, system.v) = (take(), take(), take(), take())
    (system.right, system.down, system.a12) = (take(), take(), take())
    (system.c1, system.c2, system.inverse1, system.inverse2) = (take(), take(), take(), take())
    system.columns = Int32(width)
    (system.width, system.height, system.stride) = (Int32(half), Int32(height), Int32(stride))
    self.system = system
  }

  private static func layout(width: Int, height: Int) -> (half: Int, stride: Int, plane: Int) {
    let half = ((width + 1) / 2 + 15) / 16 * 16
    let stride = half + 32
    return (half, stride, stride * 2 * (height + 2))
  }

  static func count(width: Int, height: Int) -> Int { planes * layout(width: width, height: height).plane }

  func use(_ body: (UnsafeMutablePointer<cpk_flow_system>) -> Void) {
    var copy = system
    body(&copy)
  }
}
