import Foundation
import HTTPTypes
import Hummingbird
import ProjectStore

extension HTTPField.Name {
  static let tusResumable = HTTPField.Name("Tus-Resumable")!
  static let tusVersion = HTTPField.Name("Tus-Version")!
  static let tusExtension = HTTPField.Name("Tus-Extension")!
  static let tusMaximum = HTTPField.Name("Tus-Max-Size")!
  static let uploadLength = HTTPField.Name("Upload-Length")!
  static let uploadOffset = HTTPField.Name("Upload-Offset")!
  static let uploadMetadata = HTTPField.Name("Upload-Metadata")!
}

/// Resumable uploads: tus 1.0.0 with its creation and termination extensions.
extension Studio {
  var uploadEndpoints: [Endpoint] {
    let uploads = "/api/v1/uploads"
    return [
      Endpoint(.options, uploads) { _, _ in self.tusAbilities() },
      Endpoint(.get, uploads) { _, _ in .json(["uploads": try await self.uploads.unfinished()]) },
      Endpoint(.post, uploads) { request, _ in try await self.beginUpload(request) },
      Endpoint(.head, uploads + "/{id}") { request, context in try await self.uploadState(request, context) },
      Endpoint(.patch, uploads + "/{id}") { request, context in try await self.appendUpload(request, context) },
      Endpoint(.delete, uploads + "/{id}") { _, context in
        try await self.uploads.drop(context.id(of: "upload"))
        return .empty(.noContent, [.tusResumable: "1.0.0"])
      },
    ]
  }

  private func tusAbilities() -> Response {
    .empty(
      .noContent,
      [
        .tusResumable: "1.0.0", .tusVersion: "1.0.0", .tusExtension: "creation,termination",
        .tusMaximum: "\(configuration.limits.bytes)",
      ])
  }

  private func checkVersion(_ request: Request) throws(StudioError) {
    let version = request.headers[.tusResumable]
    guard version == nil || version == "1.0.0" else {
      throw StudioError(.preconditionFailed, "tus_version", "this server speaks tus 1.0.0")
    }
  }

  private func beginUpload(_ request: Request) async throws -> Response {
    try checkVersion(request)
    guard let length = request.headers[.uploadLength].flatMap({ Int($0) }), length >= 0 else {
      throw StudioError.badRequest("the header Upload-Length must say how many bytes will come")
    }
    let upload = try await uploads.begin(name: Self.fileName(request.headers[.uploadMetadata]), length: length)
    return .empty(
      .created, [.location: "/api/v1/uploads/\(upload.id)", .tusResumable: "1.0.0", .uploadOffset: "0"])
  }

  private func uploadState(_ request: Request, _ context: StudioContext) async throws -> Response {
    try checkVersion(request)
    let upload = try await store.upload(context.id(of: "upload"))
    return .empty(
      .ok,
      [
        .tusResumable: "1.0.0", .uploadOffset: "\(try await uploads.offset(of: upload))",
        .uploadLength: "\(upload.length)", .cacheControl: "no-store",
      ])
  }

  private func appendUpload(_ request: Request, _ context: StudioContext) async throws -> Response {
    try checkVersion(request)
    guard request.headers[.contentType] == "application/offset+octet-stream" else {
      throw StudioError(
        .unsupportedMediaType, "content_type", "a piece has the content type application/offset+octet-stream")
    }
    guard let offset = request.headers[.uploadOffset].flatMap({ Int($0) }), offset >= 0 else {
      throw StudioError.badRequest("the header Upload-Offset must say where the piece begins")
    }
    let upload = try await store.upload(context.id(of: "upload"))
    do {
      let end = try await uploads.append(request.body, to: upload, at: offset)
      return .empty(.noContent, [.tusResumable: "1.0.0", .uploadOffset: "\(end)"])
    } catch let error as StudioError {
      if error.code == "not_media" { try? await uploads.drop(upload.id) }
      throw error
    } catch {
      throw StudioError(
        .badRequest, "broken_off", "the connection broke off; ask for the offset and send the rest from there")
    }
  }

  /// The `filename` of tus metadata: pairs of a key and base64, split by commas.
  private static func fileName(_ metadata: String?) -> String {
    for pair in (metadata ?? "").split(separator: ",") {
      let parts = pair.split(separator: " ")
      guard parts.count == 2, parts[0] == "filename", let data = Data(base64Encoded: String(parts[1])) else { continue }
      return String(decoding: data, as: UTF8.self)
    }
    return ""
  }
}
