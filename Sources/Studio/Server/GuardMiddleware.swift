import Foundation
import HTTPTypes
import Hummingbird

typealias StudioContext = BasicRequestContext

extension HTTPField.Name {
  static let forgery = HTTPField.Name("X-Cleanplate-CSRF")!
  static let fetchSite = HTTPField.Name("Sec-Fetch-Site")!
  static let fetchMode = HTTPField.Name("Sec-Fetch-Mode")!
  static let contentTypeOptions = HTTPField.Name("X-Content-Type-Options")!
  static let frameOptions = HTTPField.Name("X-Frame-Options")!
  static let referrerPolicy = HTTPField.Name("Referrer-Policy")!
  static let resourcePolicy = HTTPField.Name("Cross-Origin-Resource-Policy")!
  static let openerPolicy = HTTPField.Name("Cross-Origin-Opener-Policy")!
}

/// Turns errors into answers and gives every answer the headers that keep browsers from guessing.
struct AnswerMiddleware: RouterMiddleware {
  let metrics: Metrics

  func handle(
    _ request: Request, context: StudioContext, next: (Request, StudioContext) async throws -> Response
  ) async throws -> Response {
    let start = ContinuousClock.now
    var response: Response
    do {
      response = try await next(request, context)
    } catch {
      let told = StudioError(error)
      if told.status == .internalServerError {
        context.logger.error("request failed", metadata: ["error": "\(error)", "path": "\(request.uri.path)"])
      }
      response = told.response(from: request, context: context)
    }
    response.headers[.contentTypeOptions] = "nosniff"
    response.headers[.frameOptions] = "DENY"
    response.headers[.referrerPolicy] = "no-referrer"
    response.headers[.resourcePolicy] = "same-origin"
    response.headers[.openerPolicy] = "same-origin"
    response.headers[.contentSecurityPolicy] = Self.policy
    metrics.count(context.endpointPath ?? "none", response.status.code, ContinuousClock.now - start)
    return response
  }

  private static let policy = [
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data: blob:",
    "media-src 'self' blob:", "connect-src 'self'", "font-src 'self'", "manifest-src 'self'", "base-uri 'none'",
    "form-action 'none'", "frame-ancestors 'none'",
  ].joined(separator: "; ")
}

/// Lets in only who may: the right host name, no other site, the token, and the forgery value on what changes things.
struct GuardMiddleware: RouterMiddleware {
  let keys: AccessKeys
  let hosts: HostList

  func handle(
    _ request: Request, context: StudioContext, next: (Request, StudioContext) async throws -> Response
  ) async throws -> Response {
    guard hosts.allows(request.head.authority) else {
      throw StudioError(
        .misdirectedRequest, "wrong_host",
        "this server does not answer to that host name; start it with --host-name NAME to allow one")
    }
    let path = request.uri.path
    let isOpen = !path.hasPrefix("/api/") && path != "/metrics"
    if !isOpen { try refuseOtherSites(request) }
    if !isOpen, path != "/api/v1/session", !keys.isKnown(request) {
      throw StudioError(.unauthorized, "token", "this server needs the token that it printed when it was started")
    }
    if !Self.reading.contains(request.method) { try checkForgery(request) }
    return try await next(request, context)
  }

  private static let reading: Set<HTTPRequest.Method> = [.get, .head, .options]

  private func refuseOtherSites(_ request: Request) throws(StudioError) {
    let site = request.headers[.fetchSite]
    guard site == nil || site == "same-origin" || site == "none" else { throw Self.otherSite }
    if let origin = request.headers[.origin] {
      guard let host = request.head.authority, origin == "http://\(host)" || origin == "https://\(host)" else {
        throw Self.otherSite
      }
    }
  }

  private static let otherSite = StudioError(.forbidden, "cross_site", "requests from other sites are refused")

  private func checkForgery(_ request: Request) throws(StudioError) {
    guard let given = request.headers[.forgery], keys.isRight(forgery: given) else {
      throw StudioError(
        .forbidden, "csrf", "the header X-Cleanplate-CSRF is missing or old; take its value from GET /api/v1/session")
    }
  }
}

/// The host names that requests may carry: a page of another name that resolves to this machine is not served.
struct HostList: Sendable {
  private let names: Set<String>
  private let allowsAddresses: Bool

  init(_ configuration: StudioConfiguration) {
    var names: Set<String> = ["127.0.0.1", "localhost", "[::1]"]
    if !configuration.isLoopback { names.insert(configuration.host) }
    self.names = names.union(configuration.hostNames.map { $0.lowercased() })
    allowsAddresses = !configuration.isLoopback
  }

  /// - Parameter authority: `NAME` or `NAME:PORT`.
  func allows(_ authority: String?) -> Bool {
    guard let authority, let name = Self.name(authority.lowercased()) else { return false }
    return names.contains(name) || allowsAddresses && Self.isAddress(name)
  }

  private static func name(_ authority: String) -> String? {
    if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") { return String(authority[...end]) }
    let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count <= 2, parts.count == 1 || Int(parts[1]) != nil else { return nil }
    return String(parts[0])
  }

  /// Rebinding needs a name; a number is what it says.
  private static func isAddress(_ name: String) -> Bool {
    var four = in_addr()
    var six = in6_addr()
    if name.hasPrefix("[") { return inet_pton(AF_INET6, String(name.dropFirst().dropLast()), &six) == 1 }
    return inet_pton(AF_INET, name, &four) == 1
  }
}
