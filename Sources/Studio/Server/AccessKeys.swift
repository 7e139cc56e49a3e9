import Foundation
import Hummingbird

/// The secrets of one run of the server, and the questions that they answer.
struct AccessKeys: Sendable {
  /// What a person types in; nil where none is needed.
  let token: String?
  /// What the cookie holds once the token was right.
  private let session = Identifier.make() + Identifier.make()
  /// What changing requests carry.
  let forgery = Identifier.make()

  static let cookie = "cleanplate"

  init(isTokenRequired: Bool) { token = isTokenRequired ? Identifier.make() : nil }

  func isRight(token given: String) -> Bool { token.map { Self.isSame($0, given) } ?? true }
  func isRight(forgery given: String) -> Bool { Self.isSame(forgery, given) }

  func isKnown(_ request: Request) -> Bool {
    guard token != nil else { return true }
    if let cookie = request.cookies[Self.cookie]?.value, Self.isSame(session, cookie) { return true }
    guard let bearer = request.headers[.authorization], bearer.hasPrefix("Bearer ") else { return false }
    return isRight(token: String(bearer.dropFirst("Bearer ".count)))
  }

  var sessionCookie: String { "\(Self.cookie)=\(session); Path=/; HttpOnly; SameSite=Strict" }

  /// Compares in a time that depends on the lengths alone.
  static func isSame(_ secret: String, _ given: String) -> Bool {
    let (secret, given) = (Array(secret.utf8), Array(given.utf8))
    var difference = UInt8(secret.count == given.count ? 0 : 1)
    for (index, byte) in secret.enumerated() { difference |= byte ^ (index < given.count ? given[index] : 0) }
    return difference == 0
  }
}
