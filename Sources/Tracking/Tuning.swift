import Foundation
enum Tuning {
  static func v(_ name: String, _ d: Float) -> Float {
    ProcessInfo.processInfo.environment["T_" + name].flatMap(Float.init) ?? d
  }
  static let inside = v("inside", 3)
  static let slopeIn = v("slopeIn", 0.6)
  static let slopeOut = v("slopeOut", 0.5)
  static let appearance = v("app", 1)
  static let limit = v("limit", 5)
  static let strength = v("strength", 3)
}
