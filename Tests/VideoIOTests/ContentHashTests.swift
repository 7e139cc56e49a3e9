import Foundation
import TestSupport
import Testing
import VideoIO

/// The examples of FIPS 180-4, by way of files.
struct ContentHashTests {
  private func hash(_ text: String) throws -> String {
    let path = TestMedia.folder + "/hash-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return try ContentHash.sha256(file: path)
  }

  @Test func publishedExamples() throws {
    #expect(try hash("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(try hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      try hash("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
        == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
  }

  /// Longer than what is read at once.
  @Test func longFiles() throws {
    #expect(
      try hash(String(repeating: "a", count: 1_000_000))
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    let long = try hash(String(repeating: "cleanplate ", count: 300_000))
    #expect(long == "712c8db7e13c0e8dbf3c55c303418a0db4954f559d9969ce6785b7eb53f053e1")
  }

  @Test func whatIsNotThereIsAnError() {
    let error = #expect(throws: VideoIOError.self) { try ContentHash.sha256(file: "/nowhere") }
    #expect(error?.code == .cannotOpen && error?.file == "/nowhere")
  }
}
