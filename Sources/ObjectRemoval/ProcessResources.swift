import Foundation

extension RemovalSettings {
  /// The cores that this process may use.
  public static var availableThreads: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }
}

public enum ProcessResources {
  /// Bytes resident at the highest since the process began.
  public static var peakMemory: Int {
    #if canImport(Glibc)
      return usage.ru_maxrss * 1024
    #else
      return usage.ru_maxrss
    #endif
  }

  /// Seconds that all processors have worked for this process.
  public static var processorSeconds: Double {
    let usage = usage
    return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
  }

  private static var usage: rusage {
    var usage = rusage()
    #if canImport(Glibc)
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    #else
      getrusage(RUSAGE_SELF, &usage)
    #endif
    return usage
  }

  /// Hands free heap pages back to the system, so that one stage does not keep what another needs.
  static func trimHeap() {
    // glibc's header that declares it is not part of Swift's module of it.
    typealias Trim = @convention(c) (Int) -> Int32
    guard let symbol = dlsym(nil, "malloc_trim") else { return }
    _ = unsafeBitCast(symbol, to: Trim.self)(0)
  }
}
