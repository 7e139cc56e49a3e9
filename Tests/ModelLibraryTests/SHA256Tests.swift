import ModelLibrary
import Testing

/// The examples of FIPS 180-4.
struct SHA256Tests {
  private func hash(_ text: String, pieces: Int = 1) -> String {
    var hash = SHA256()
    let bytes = Array(text.utf8)
    for piece in 0..<pieces {
      hash.update(Array(bytes[bytes.count * piece / pieces..<bytes.count * (piece + 1) / pieces]))
    }
    return hash.finish()
  }

  @Test func publishedExamples() {
    #expect(hash("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      hash("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
        == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
  }

  @Test func piecesDoNotMatter() {
    let text = String(repeating: "cleanplate ", count: 100)
    #expect(hash(text) == hash(text, pieces: 7))
    #expect(
      hash(String(repeating: "a", count: 1_000_000), pieces: 13)
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }
}
