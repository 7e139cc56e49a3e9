import Foundation
import Imaging
import ObjectRemoval
import Testing

@Suite struct PromptTests {
  @Test func pointsCarryFrameAndObject() throws {
    #expect(try ObjectPrompt(parsing: "420,310", as: .point) == .point(420, 310))
    #expect(try ObjectPrompt(parsing: "1,2@30#4", as: .avoid) == .avoid(1, 2, frame: 30, object: 4))
    #expect(try ObjectPrompt(parsing: "1,2,30,40@5", as: .box) == .box(1, 2, 30, 40, frame: 5))
    #expect(try ObjectPrompt(parsing: "-3,2", as: .point) == .point(-3, 2))
  }

  @Test(arguments: [
    "", "1", "1,", "a,b", "1,2,3", "1,2@", "1,2@x", "1,2#", "1,2@3#x", "1,2#3@4x", "99999999999,1", "1.5,2",
  ])
  func malformedPointsAreRefusedByName(_ text: String) {
    #expect {
      try ObjectPrompt(parsing: text, as: .point)
    } throws: { error in
      (error as? RemovalError).map { $0.code == .badRequest && $0.context.contains("--point \(text)") } ?? false
    }
  }

  @Test func maskNamesMayHoldAnAt() throws {
    #expect(ObjectPrompt(parsingMask: "a.png@12") == .mask("a.png", frame: 12))
    #expect(ObjectPrompt(parsingMask: "a@home.png") == .mask("a@home.png"))
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let odd = folder.path + "/mask@12"
    try Data().write(to: URL(fileURLWithPath: odd))
    #expect(ObjectPrompt(parsingMask: odd) == .mask(odd))
  }

  @Test func promptFilesRoundTrip() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString + ".json").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let prompts: [ObjectPrompt] = [
      .point(1, 2), .avoid(3, 4, frame: 5, object: 6), .box(1, 2, 3, 4), .mask("/tmp/m.png", frame: 2),
    ]
    try PromptFile(prompts).write(to: path)
    #expect(try PromptFile.read(path) == prompts)
  }

  @Test(arguments: [
    "", "[]", "{}", #"{"prompts":[{}]}"#, #"{"prompts":[{"point":[1]}]}"#,
    #"{"prompts":[{"point":[1,2],"box":[1,2,3,4]}]}"#, #"{"prompts":[{"box":[1,2,3]}]}"#, #"{"prompts":3}"#,
  ])
  func brokenPromptFilesAreRefused(_ text: String) throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString + ".json").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    #expect(throws: RemovalError.self) { try PromptFile.read(path) }
  }
}
