import Foundation

/// HTTP over a plain socket: what a browser would never send can be sent too.
public enum Wire {
  public struct Failure: Error {
    public var sentence: String

    public init(sentence: String) { self.sentence = sentence }
  }

  public struct Reply {
    public var status: Int
    /// By lower-case names.
    public var headers: [String: String]
    public var body: Data

    public func json<Value: Decodable>(_ type: Value.Type) throws -> Value {
      try JSONDecoder().decode(type, from: body)
    }

    /// The code of an error.
    public var code: String? {
      struct Told: Decodable {
        struct Inner: Decodable { var code: String }
        var error: Inner
      }
      return (try? json(Told.self))?.error.code
    }

    public var text: String { String(decoding: body, as: UTF8.self) }
  }

  /// Sends bytes and reads the answer up to the end of the connection.
  public static func exchange(_ port: Int, _ bytes: Data, seconds: Int = 60) throws -> Reply {
    let socket = try connect(port, seconds: seconds)
    defer { close(socket) }
    send(bytes, to: socket)
    return try parse(readToEnd(socket))
  }

  public static func connect(_ port: Int, seconds: Int = 60) throws -> Int32 {
    let socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var limit = timeval(tv_sec: seconds, tv_usec: 0)
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Foundation.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else {
      close(socket)
      throw Failure(sentence: "nobody listens on \(port)")
    }
    return socket
  }

  /// Stops quietly where the other side has closed.
  public static func send(_ data: Data, to socket: Int32) {
    data.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        let count = Foundation.send(socket, bytes.baseAddress! + done, bytes.count - done, Int32(MSG_NOSIGNAL))
        guard count > 0 else { return }
        done += count
      }
    }
  }

  public static func readToEnd(_ socket: Int32) -> Data {
    var data = Data()
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = recv(socket, &buffer, buffer.count, 0)
      guard count > 0 else { return data }
      data.append(contentsOf: buffer.prefix(count))
    }
  }

  static func parse(_ data: Data) throws -> Reply {
    guard let end = data.range(of: Data("\r\n\r\n".utf8)) else {
      throw Failure(sentence: "no answer but \(data.count) bytes")
    }
    let lines = String(decoding: data[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
    let status = Int(lines[0].split(separator: " ").dropFirst().first ?? "") ?? 0
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
    }
    let body = Data(data[end.upperBound...])
    return Reply(
      status: status, headers: headers, body: headers["transfer-encoding"] == "chunked" ? dechunked(body) : body)
  }

  private static func dechunked(_ data: Data) -> Data {
    var out = Data()
    var rest = data[...]
    while let line = rest.range(of: Data("\r\n".utf8)),
      let size = Int(String(decoding: rest[..<line.lowerBound], as: UTF8.self), radix: 16), size > 0
    {
      out += rest[line.upperBound...].prefix(size)
      rest = rest[line.upperBound...].dropFirst(size + 2)
    }
    return out
  }
}
