import CPixelKernels

/// Runs `body` with the kernels of each CPU level that this machine has.
public func atEveryLevel(_ body: () throws -> Void) rethrows {
  defer { cpk_force_level(cpk_detect()) }
  for level in [CPK_BASELINE, CPK_AVX2, CPK_AVX512] where level.rawValue <= cpk_detect().rawValue {
    cpk_force_level(level)
    try body()
  }
}
