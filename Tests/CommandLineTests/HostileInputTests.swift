import Foundation
import TestSupport
import Testing

/// Whatever is handed to the main job is answered by an exit code and one sentence, and leaves no half output behind.
@Suite struct HostileInputTests {
  @Test func everyHostileInputHasItsExitCodeAndSentence() throws {
    let space = try Workspace()
    let inputs = try HostileMedia.all(in: space.file("corpus"))
    #expect(inputs.count >= 60)
    // A large still is most of the time of a quick run.
    for (index, input) in inputs.enumerated() where !TestScale.isQuick || index % 8 == 0 {
      let output = "out\(index).mkv"
      let result = try Tool.run([
        "remove", input.path, "--box", "0,0,8,8", "--still", "--codec", "ffv1", "--output", space.file(output),
        "--progress", "none", "--max-frames", "400", "--max-pixels", "\(1 << 26)",
      ])
      check(input, result, hasOutput: space.contents.contains(output))
      #expect(!space.contents.contains { $0.contains(".partial") }, "\(input.name)")
      for left in space.contents where left.contains(output) {
        try FileManager.default.removeItem(atPath: space.file(left))
      }
    }
  }

  private func check(_ input: HostileInput, _ result: Tool.Result, hasOutput: Bool) {
    let codes: [Int32] =
      switch input.expectation {
      case .works: [0]
      case .breaksOff: [65]
      case .fails: [65, 74]
      case .answers: [0, 65, 74]
      }
    #expect(codes.contains(result.code), "\(input.name): \(result.summary)")
    #expect(
      hasOutput == (result.code == 0 || input.expectation == .breaksOff) || input.expectation == .answers,
      "\(input.name)")
    if result.code != 0 {
      let sentences = result.err.split(separator: "\n").filter { $0.hasPrefix("cleanplate: ") }
      #expect(sentences.count == 1, "\(input.name): \(result.summary)")
    }
  }
}
