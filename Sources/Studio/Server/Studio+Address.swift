import Foundation

extension Studio {
  /// Whether an address can be listened on, told before the server starts so that the answer is one sentence.
  public static func isFree(port: Int, host: String) -> Bool {
    var hints = addrinfo()
    hints.ai_flags = AI_PASSIVE
    #if canImport(Glibc)
      hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    #else
      hints.ai_socktype = SOCK_STREAM
    #endif
    var found: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, "\(port)", &hints, &found) == 0, let address = found else { return false }
    defer { freeaddrinfo(found) }
    let listener = socket(address.pointee.ai_family, address.pointee.ai_socktype, address.pointee.ai_protocol)
    guard listener >= 0 else { return false }
    defer { close(listener) }
    var yes: Int32 = 1
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    return bind(listener, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0
  }
}
