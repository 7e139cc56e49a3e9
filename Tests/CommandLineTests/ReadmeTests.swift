import Foundation
import Testing
import VideoIO

/// What README promises, it keeps.
struct ReadmeTests {
  private let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  @Test func theSwiftExampleIsTheOneThatCompiles() throws {
    let readme = try String(contentsOf: checkout.appending(path: "README.md"), encoding: .utf8)
    let example = try String(
      contentsOf: checkout.appending(path: "Tests/CommandLineTests/ReadmeExample.swift"), encoding: .utf8)
    #expect(readme.contains("```swift\n\(example)```"))
  }

  @Test func theExampleNamesAFileThatIsMissing() async {
    await #expect(throws: VideoIOError.self) { try await cleanPlate(of: "/no/such/clip.mp4", to: "/tmp/out.mp4") }
  }

  @Test func everyCommandThatReadmeShowsIsKnown() throws {
    let readme = try String(contentsOf: checkout.appending(path: "README.md"), encoding: .utf8)
    let commands = readme.split(separator: "\n").filter { $0.hasPrefix("cleanplate ") }
      .compactMap { $0.split(separator: " ").dropFirst().first }
    #expect(commands.count >= 8)
    for command in Set(commands) where command != "help" {
      #expect(try Tool.run(String(command), "--help").code == 0)
    }
  }
}
