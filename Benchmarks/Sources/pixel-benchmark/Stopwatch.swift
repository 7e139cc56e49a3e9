import Foundation
import TestSupport

/// Milliseconds of user CPU that one call takes: the least of `rounds` rounds, each of enough calls to be measured.
func milliseconds(rounds: Int = 5, _ body: () -> Void) -> Double {
  body()
  var least = Double.infinity
  for _ in 0..<rounds {
    var calls = 0
    let start = userSeconds()
    var spent = 0.0
    repeat {
      body()
      calls += 1
      spent = userSeconds() - start
    } while spent < 0.02
    least = min(least, spent / Double(calls))
  }
  return least * 1000
}
