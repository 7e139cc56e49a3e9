import Foundation
import HTTPTypes
import Hummingbird
import ProjectStore

/// What a client is told when something cannot be done.
struct StudioError: Error, Sendable, HTTPResponseError {
  let status: HTTPResponse.Status
  /// For programs: `too_large`, `not_media`.
  let code: String
  /// For people: one sentence that says what to do.
  let message: String

  init(_ status: HTTPResponse.Status, _ code: String, _ message: String) {
    self.status = status
    self.code = code
    self.message = message
  }

  static func notFound(_ what: String) -> StudioError {
    StudioError(.notFound, "not_found", "there is no such \(what)")
  }

  static func badRequest(_ message: String) -> StudioError { StudioError(.badRequest, "bad_request", message) }

  func response(from request: Request, context: some RequestContext) -> Response {
    .json(["error": ErrorBody(code: code, message: message)], status: status)
  }
}

private struct ErrorBody: Encodable {
  var code: String
  var message: String
}

extension StudioError {
  /// Whatever a handler threw, as it is told to the client.
  init(_ error: any Error) {
    switch error {
    case let error as StudioError: self = error
    case let error as WorkerFailure: self.init(error)
    case let error as ProjectStoreError where error.code == .notFound:
      self.init(.notFound, "not_found", error.context)
    case let error as HTTPError:
      self.init(error.status, Self.code(of: error.status), error.body ?? Self.sentence(for: error.status))
    case is DecodingError:
      self = .badRequest("the body is not the JSON that this call takes; see openapi.yaml")
    default:
      self.init(.internalServerError, "fault", "something went wrong inside; the server's log says what")
    }
  }

  private init(_ failure: WorkerFailure) {
    switch failure.code {
    case .notMedia: self.init(.badRequest, "not_media", failure.message)
    case .tooLarge: self.init(.contentTooLarge, "too_large", failure.message)
    case .badRequest: self.init(.badRequest, "bad_request", failure.message)
    case .nothingMarked: self.init(.unprocessableContent, "nothing_marked", failure.message)
    case .memory: self.init(.unprocessableContent, "memory", failure.message)
    case .disk: self.init(.insufficientStorage, "disk", failure.message)
    case .cancelled: self.init(.conflict, "cancelled", failure.message)
    case .busy: self.init(.serviceUnavailable, "busy", failure.message)
    case .ended: self.init(.serviceUnavailable, "worker_ended", failure.message)
    case .fault: self.init(.internalServerError, "fault", failure.message)
    }
  }

  private static func code(of status: HTTPResponse.Status) -> String {
    switch status {
    case .notFound: "not_found"
    case .methodNotAllowed: "method_not_allowed"
    case .contentTooLarge: "too_large"
    default: "bad_request"
    }
  }

  private static func sentence(for status: HTTPResponse.Status) -> String {
    switch status {
    case .notFound: "there is nothing at this address; see openapi.yaml"
    case .contentTooLarge: "the body is larger than \(Limits.jsonBytes) bytes"
    default: status.reasonPhrase
    }
  }
}

extension Response {
  static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) -> Response {
    let encoder = JSONEncoder()
    encoder.dateEncodingStrategy = .iso8601
    encoder.outputFormatting = [.withoutEscapingSlashes]
    let data = (try? encoder.encode(value)) ?? Data("{}".utf8)
    return Response(
      status: status, headers: [.contentType: "application/json; charset=utf-8", .cacheControl: "no-store"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: data)))
  }

  static func bytes(_ bytes: [UInt8], type: String, headers: HTTPFields = [:]) -> Response {
    var headers = headers
    headers[.contentType] = type
    return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  static func empty(_ status: HTTPResponse.Status, _ headers: HTTPFields = [:]) -> Response {
    Response(status: status, headers: headers)
  }
}

extension HTTPResponse.Status {
  static let insufficientStorage = HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage")
  static let locked = HTTPResponse.Status(code: 423, reasonPhrase: "Locked")
}

/// Bounds that are not the administrator's to choose.
enum Limits {
  static let jsonBytes = 1 << 20
  /// A body that is not a file must be there by then.
  static let jsonSeconds = 10
  static let connections = 512
  static let uploads = 50
  static let promptsPerProject = 2000
  static let pointsPerPrompt = 2000
}
