import Foundation

/// A studio of one's own, for tests and benchmarks: the built program on a free port, with a folder that goes with it.
public final class StudioServer: @unchecked Sendable {
  public let port: Int
  public let data: String
  private let arguments: [String]
  private let log: String
  private var process = Process()
  public private(set) var forgery = ""

  /// - Parameter arguments: besides port and data folder.
  public convenience init(_ arguments: String...) throws { try self.init(arguments: arguments) }

  public init(arguments: [String]) throws {
    port = try Self.freePort()
    self.arguments = arguments
    data = FileManager.default.temporaryDirectory.path + "/studio-test-\(UUID().uuidString)"
    log = data + ".log"
    try start()
  }

  deinit {
    process.terminate()
    process.waitUntilExit()
    try? FileManager.default.removeItem(atPath: data)
    try? FileManager.default.removeItem(atPath: log)
  }

  public func start() throws {
    process = Process()
    process.executableURL = URL(fileURLWithPath: BuiltTool.path)
    process.arguments = ["studio", "--port", "\(port)", "--data", data] + arguments
    _ = FileManager.default.createFile(atPath: log, contents: nil)
    process.standardError = FileHandle(forWritingAtPath: log)
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    for _ in 0..<200 {
      if let reply = try? get("/api/v1/session"), reply.status == 200 {
        forgery = try reply.json([String: Anything].self)["csrf"]?.text ?? ""
        return
      }
      guard process.isRunning else { break }
      usleep(50_000)
    }
    throw Wire.Failure(sentence: "the studio did not start: \(said)")
  }

  /// What it wrote to standard error.
  public var said: String { String(decoding: FileManager.default.contents(atPath: log) ?? Data(), as: UTF8.self) }

  /// As `kill -9` ends it.
  public func kill() {
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// As a service manager ends it.
  /// - Returns: the exit code, or nil where it had to be killed after half a minute.
  public func stop() -> Int32? {
    process.terminate()
    for _ in 0..<600 where process.isRunning { usleep(50_000) }
    guard !process.isRunning else {
      kill()
      return nil
    }
    return process.terminationStatus
  }

  public var processID: Int32 { process.processIdentifier }

  /// Process ids of the workers of a mode.
  public func workers(_ mode: String) -> [Int32] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { Int32($0) }.filter { id in
      let line = FileManager.default.contents(atPath: "/proc/\(id)/cmdline") ?? Data()
      let status = String(decoding: FileManager.default.contents(atPath: "/proc/\(id)/stat") ?? Data(), as: UTF8.self)
      let parent = status.split(separator: " ").dropFirst(3).first.flatMap { Int32($0) }
      return parent == process.processIdentifier
        && String(decoding: line, as: UTF8.self).contains("studio-worker\0\(mode)")
    }
  }

  // MARK: Asking

  public func get(_ path: String, _ headers: [String: String] = [:]) throws -> Wire.Reply {
    try request("GET", path, headers: headers)
  }

  public func post(_ path: String, _ json: String = "{}") throws -> Wire.Reply {
    try request("POST", path, headers: ["X-Cleanplate-CSRF": forgery], body: Data(json.utf8))
  }

  public func request(
    _ method: String, _ path: String, headers: [String: String] = [:], body: Data = Data()
  ) throws -> Wire.Reply {
    try Wire.exchange(port, head(method, path, headers, length: body.count) + body)
  }

  /// A request's head; `Host` and the length are set where `headers` does not.
  public func head(_ method: String, _ path: String, _ headers: [String: String], length: Int) -> Data {
    var all = ["Host": "127.0.0.1:\(port)", "Connection": "close"]
    if length > 0 { all["Content-Length"] = "\(length)" }
    all.merge(headers) { _, given in given }
    let lines = all.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)\r\n" }
    return Data("\(method) \(path) HTTP/1.1\r\n\(lines.joined())\r\n".utf8)
  }

  private static func freePort() throws -> Int {
    let socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(socket, $0, length) + getsockname(socket, $0, &length)
      }
    }
    guard result == 0 else { throw Wire.Failure(sentence: "no free port") }
    return Int(in_port_t(bigEndian: address.sin_port))
  }
}
