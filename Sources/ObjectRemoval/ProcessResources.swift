import Foundation

extension RemovalSettings {
  /// The cores that this process may use.
  public static var availableThreads: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }
}

public enum ProcessResources {
  /// Bytes resident at the highest since the program began.
  public static var peakMemory: Int {
    #if canImport(Glibc)
      // What getrusage tells counts the program that started this one, too.
      return highWaterMark ?? usage.ru_maxrss * 1024
    #else
      return usage.ru_maxrss
    #endif
  }

  /// As the kernel's status file of this process tells it; nil where there is none.
  private static var highWaterMark: Int? {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") })
    else { return nil }
    return line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
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
