import Foundation

/// A file mapped into memory for reading, never written. Safe from any thread; unmapped with its last owner.
public final class MappedFile: Sendable {
  public let path: String
  public let count: Int
  private let address: UInt

  /// - Throws: `CheckpointError.cannotOpen`, `.notACheckpoint` for an empty file.
  public init(_ path: String) throws(CheckpointError) {
    self.path = path
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.failure(path) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Self.failure(path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw CheckpointError(.cannotOpen, file: path, "is not a regular file")
    }
    guard status.st_size > 0 else { throw CheckpointError(.notACheckpoint, file: path, "is empty") }
    count = Int(status.st_size)
    guard let mapped = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), mapped != MAP_FAILED else {
      throw Self.failure(path)
    }
    address = UInt(bitPattern: mapped)
  }

  deinit { munmap(UnsafeMutableRawPointer(bitPattern: address), count) }

  private static func failure(_ path: String) -> CheckpointError {
    CheckpointError(.cannotOpen, file: path, "cannot be read: \(String(cString: strerror(errno)))")
  }

  /// The bytes of `range`, which must lie within the file.
  public func withBytes<Result>(_ range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows
    -> Result
  {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "range outside the file")
    let start = UnsafeRawPointer(bitPattern: address)! + range.lowerBound
    return try body(UnsafeRawBufferPointer(start: start, count: range.count))
  }

  /// Lets go of the whole pages of a part of the mapping, which is read anew where it is touched again.
  func releasePages(address part: UInt, count size: Int) {
    let page = UInt(sysconf(Int32(_SC_PAGESIZE)))
    let first = (part + page - 1) / page * page
    let end = (part + UInt(size)) / page * page
    guard part >= address, part + UInt(size) <= address + UInt(count), first < end else { return }
    madvise(UnsafeMutableRawPointer(bitPattern: first), Int(end - first), MADV_DONTNEED)
  }

  func byte(_ position: Int) -> UInt8 { withBytes(position..<position + 1) { $0[0] } }

  /// A little-endian integer, or nil beyond the end.
  func integer<Value: FixedWidthInteger>(_ type: Value.Type, at position: Int) -> Value? {
    guard position >= 0, position <= count - MemoryLayout<Value>.size else { return nil }
    return withBytes(position..<position + MemoryLayout<Value>.size) {
      Value(littleEndian: $0.loadUnaligned(as: Value.self))
    }
  }

  func bytes(_ range: Range<Int>) -> [UInt8] { withBytes(range) { Array($0) } }
}
