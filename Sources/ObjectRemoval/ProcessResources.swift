import Foundation

extension RemovalSettings {
  /// The cores that this process may use.
  public static var availableThreads: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }
}

enum ProcessResources {
  /// Bytes resident at the highest since the process began.
  static var peakMemory: Int {
    var usage = rusage()
    #if canImport(Glibc)
      getrusage(RUSAGE_SELF, &usage)
      return usage.ru_maxrss * 1024
    #else
      getrusage(RUSAGE_SELF, &usage)
      return usage.ru_maxrss
    #endif
  }

  /// Hands free heap pages back to the system, so that one stage does not keep what another needs.
  static func trimHeap() {
    #if canImport(Glibc)
      malloc_trim(0)
    #endif
  }
}
