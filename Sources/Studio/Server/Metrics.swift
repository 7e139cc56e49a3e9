import Foundation
import Synchronization

/// Counts for `/metrics`, in the text form of Prometheus.
final class Metrics: Sendable {
  private struct Series {
    var count = 0
    var seconds = 0.0
  }

  private let requests = Mutex<[String: Series]>([:])
  private let gauges = Mutex<[String: Double]>([:])

  func count(_ path: String, _ status: Int, _ duration: Duration) {
    let key = "path=\"\(path)\",status=\"\(status)\""
    requests.withLock {
      $0[key, default: Series()].count += 1
      $0[key, default: Series()].seconds += duration / .seconds(1)
    }
  }

  func set(_ name: String, _ value: Double) { gauges.withLock { $0[name] = value } }
  func add(_ name: String, _ value: Double = 1) { gauges.withLock { $0[name, default: 0] += value } }

  var text: String {
    var lines = [
      "# TYPE cleanplate_http_requests_total counter", "# TYPE cleanplate_http_request_seconds_total counter",
    ]
    for (key, series) in requests.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
      lines.append("cleanplate_http_requests_total{\(key)} \(series.count)")
      lines.append("cleanplate_http_request_seconds_total{\(key)} \(series.seconds)")
    }
    for (name, value) in gauges.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
      lines.append("# TYPE cleanplate_\(name) gauge")
      lines.append("cleanplate_\(name) \(value)")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
