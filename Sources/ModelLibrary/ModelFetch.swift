import Foundation
import VideoIO

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Downloads a model's file from its authors' address; goes on where an earlier attempt broke off.
public final class ModelFetch: NSObject, URLSessionDataDelegate, @unchecked Sendable {
  // The session calls back on one queue, one call at a time; the caller waits.
  private let kind: ModelKind
  private let partial: String
  private let progress: @Sendable (_ received: Int64, _ expected: Int64?) -> Void
  private let finished = DispatchSemaphore(value: 0)
  private var output: FileHandle?
  private var failure: String?
  private var received: Int64 = 0
  private var expected: Int64?

  private init(
    _ kind: ModelKind, partial: String, progress: @escaping @Sendable (Int64, Int64?) -> Void
  ) {
    self.kind = kind
    self.partial = partial
    self.progress = progress
  }

  /// - Parameter progress: bytes so far, and in all where the server says.
  /// - Returns: the file's path in `folder`.
  /// - Throws: `ModelError.download`; what had come by then is kept for the next attempt, unless its hash is wrong.
  public static func fetch(
    _ kind: ModelKind, into folder: String,
    progress: @escaping @Sendable (_ received: Int64, _ expected: Int64?) -> Void = { _, _ in }
  ) throws(ModelError) -> String {
    guard let address = kind.address.flatMap(URL.init(string:)) else {
      throw ModelError(
        .download, "\(kind.title) cannot be fetched: get it from \(kind.page), then 'cleanplate models add FILE'")
    }
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let path = folder + "/" + address.lastPathComponent
    let fetch = ModelFetch(kind, partial: path + ".partial", progress: progress)
    try fetch.run(address)
    if let wanted = kind.sha256, (try? ContentHash.sha256(file: fetch.partial)) != wanted {
      try? FileManager.default.removeItem(atPath: fetch.partial)
      throw ModelError(.download, "what came from \(address) is not the published file: its hash differs")
    }
    guard rename(fetch.partial, path) == 0 else { throw ModelError(.file, "\(path) cannot be written") }
    return path
  }

  private func run(_ address: URL) throws(ModelError) {
    if !FileManager.default.fileExists(atPath: partial) {
      _ = FileManager.default.createFile(atPath: partial, contents: nil)
    }
    guard let output = FileHandle(forWritingAtPath: partial), let end = try? output.seekToEnd() else {
      throw ModelError(.file, "\(partial) cannot be written")
    }
    self.output = output
    received = Int64(end)
    var request = URLRequest(url: address)
    if received > 0 { request.setValue("bytes=\(received)-", forHTTPHeaderField: "Range") }
    let session = URLSession(configuration: .ephemeral, delegate: self, delegateQueue: nil)
    session.dataTask(with: request).resume()
    finished.wait()
    session.invalidateAndCancel()
    try? output.close()
    if let failure { throw ModelError(.download, "\(address): \(failure)") }
  }

  public func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
  ) {
    guard let answer = response as? HTTPURLResponse else { return completionHandler(.allow) }
    switch answer.statusCode {
    case 206: break
    case 200:
      // The server starts anew.
      try? output?.truncate(atOffset: 0)
      received = 0
    // Nothing is left to send: the file was whole.
    case 416 where received > 0: return completionHandler(.cancel)
    default:
      failure = "the server answers \(answer.statusCode)"
      return completionHandler(.cancel)
    }
    expected = response.expectedContentLength > 0 ? received + response.expectedContentLength : nil
    completionHandler(.allow)
  }

  public func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    do {
      try output?.write(contentsOf: data)
      received += Int64(data.count)
      progress(received, expected)
    } catch {
      failure = "the disk is full, or \(partial) cannot be written"
      dataTask.cancel()
    }
  }

  public func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
    let isWhole = (task.response as? HTTPURLResponse)?.statusCode == 416
    if let error, failure == nil, !isWhole { failure = error.localizedDescription }
    finished.signal()
  }
}
