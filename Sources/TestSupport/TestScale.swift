import Foundation

/// How long the tests may take: `Scripts/test --quick` sets `CLEANPLATE_QUICK`.
public enum TestScale {
  public static let isQuick = ProcessInfo.processInfo.environment["CLEANPLATE_QUICK"] == "1"
}
