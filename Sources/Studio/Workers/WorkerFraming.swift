import Foundation

/// Messages between server and worker on a pipe: two big-endian 32-bit lengths, then JSON, then bytes.
enum WorkerFraming {
  /// Above any picture that the limits let through.
  static let longest = 1 << 30

  static func write(_ message: some Encodable, _ payload: [UInt8] = [], to descriptor: Int32) throws {
    let json = try JSONEncoder().encode(message)
    var data = Data(capacity: 8 + json.count + payload.count)
    for count in [json.count, payload.count] {
      withUnsafeBytes(of: UInt32(count).bigEndian) { data.append(contentsOf: $0) }
    }
    data.append(json)
    data.append(contentsOf: payload)
    try data.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        let count = Foundation.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { throw WorkerFailure(.ended, "the pipe to the worker is closed") }
        done += count
      }
    }
  }

  /// The next message, or nil at the end of the pipe.
  static func read<Message: Decodable>(
    _ type: Message.Type, from descriptor: Int32
  ) throws -> (message: Message, payload: [UInt8])? {
    guard let head = read(8, from: descriptor) else { return nil }
    let lengths = stride(from: 0, to: 8, by: 4).map { at in head[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
    guard lengths.allSatisfy({ $0 <= longest }), let json = read(lengths[0], from: descriptor),
      let payload = read(lengths[1], from: descriptor)
    else { return nil }
    return (try JSONDecoder().decode(type, from: Data(json)), payload)
  }

  private static func read(_ count: Int, from descriptor: Int32) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let got = bytes.withUnsafeMutableBytes { Foundation.read(descriptor, $0.baseAddress! + done, count - done) }
      if got < 0 && errno == EINTR { continue }
      guard got > 0 else { return nil }
      done += got
    }
    return bytes
  }
}

/// What a worker could not do, as it is told to the person.
struct WorkerFailure: Error, Codable, Sendable {
  enum Code: String, Codable, Sendable {
    case notMedia, tooLarge, badRequest, nothingMarked, memory, disk, cancelled, busy, fault
    /// The process ended or was ended.
    case ended
  }

  var code: Code
  var message: String

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}
