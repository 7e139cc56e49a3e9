import CPixelKernels

/// Which kernels this processor runs. Results do not depend on it.
public enum ProcessorLevel: String, Sendable, Codable, CaseIterable {
  case baseline, avx2, avx512

  /// The level in force.
  public static var current: ProcessorLevel {
    switch cpk_current_level() {
    case CPK_AVX512: .avx512
    case CPK_AVX2: .avx2
    default: .baseline
    }
  }
}
