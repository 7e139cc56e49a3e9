import Foundation
import TestSupport
import Testing

@testable import VideoIO

/// Whatever comes in is answered by frames or by a typed error with a sentence.
@Suite struct HostileMediaTests {
  static let folder = FileManager.default.temporaryDirectory.path + "/cleanplate-hostile-\(getpid())"

  @Test func theCorpusIsAnsweredAsItShould() throws {
    defer { try? FileManager.default.removeItem(atPath: Self.folder) }
    let inputs = try HostileMedia.all(in: Self.folder)
    #expect(inputs.count >= 60)
    for input in inputs { Self.check(input) }
  }

  private static func check(_ input: HostileInput) {
    let answer = answer(input.path)
    switch (input.expectation, answer) {
    case (.answers, _), (.works, .frames(truncated: false)), (.breaksOff, .frames(truncated: true)): break
    case (.fails(let codes), .error(let error)):
      #expect(codes.contains(error.code), "\(input.name): \(error)")
    default: Issue.record("\(input.name): expected \(input.expectation), came \(answer)")
    }
    if case .error(let error) = answer {
      #expect(error.file.hasPrefix(input.path) && !error.message.isEmpty, "\(input.name): \(error)")
    }
  }

  enum Answer {
    case frames(truncated: Bool)
    case error(VideoIOError)
    case stray(any Error)
  }

  /// Opens an input and reads all its frames, up to a few.
  static func answer(_ path: String) -> Answer {
    do {
      let source = try MediaSource.open(path, limits: MediaLimits(pixels: 1 << 26), cacheBytes: 1 << 20)
      for index in 0..<min(source.info.frameCount, 300) { _ = try source.frame(at: index) }
      return .frames(truncated: source.damage.isTruncated)
    } catch let error as VideoIOError {
      return .error(error)
    } catch {
      return .stray(error)
    }
  }

  /// 300 files with changed bytes; a run of more seeds by `CLEANPLATE_FUZZ_SEEDS`.
  @Test func flippedBytesNeverTrap() throws {
    let seeds = ProcessInfo.processInfo.environment["CLEANPLATE_FUZZ_SEEDS"].flatMap { UInt64($0) } ?? 15
    let folder = Self.folder + "-flips"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for input in try HostileMedia.flips(in: folder, seeds: 10..<10 + seeds) {
      if case .stray(let error) = Self.answer(input.path) { Issue.record("\(input.name): \(error)") }
    }
  }
}
