import Foundation
enum Tune {
  static func f(_ name: String, _ value: Float) -> Float { ProcessInfo.processInfo.environment[name].flatMap { Float($0) } ?? value }
}
