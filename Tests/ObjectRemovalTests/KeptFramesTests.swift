import Foundation
import Imaging
import Segmentation
import Synchronization
import Testing

@testable import ObjectRemoval

/// Frames made ready once and kept on disk, with an engine that counts.
struct KeptFramesTests {
  private let folder = FileManager.default.temporaryDirectory.path + "/kept-frames-\(UUID().uuidString)"

  /// Its prepared frame is the mean level of the picture.
  private final class CountingSegmenter: KeepingSegmenter {
    struct Prepared: PreparedFrame {
      let level: Int

      func candidates(for prompts: Prompts, limit: Int) throws -> [Candidate] {
        [Candidate(mask: Plane(width: 8, height: 8, repeating: UInt8(level)), score: 1)]
      }

      func proposals(_ options: ProposalOptions, beside known: Plane<UInt8>?) throws -> [Candidate] { [] }
    }

    private let counter = Mutex(0)
    var count: Int { counter.withLock { $0 } }

    func prepare(_ image: RGBImage) -> Prepared {
      counter.withLock { $0 += 1 }
      return Prepared(level: image.rgbBytes.reduce(0) { $0 + Int($1) } / image.rgbBytes.count)
    }

    func bytes(of prepared: Prepared) -> [UInt8] { [7, UInt8(prepared.level)] + [UInt8](repeating: 1, count: 98) }

    func prepared(from bytes: [UInt8], width: Int, height: Int) -> Prepared? {
      bytes.count == 100 && bytes[0] == 7 ? Prepared(level: Int(bytes[1])) : nil
    }
  }

  private func picture(_ level: Float) -> RGBImage {
    var image = RGBImage(width: 8, height: 8)
    for index in image.pixels.indices { image.pixels[index] = RGBImage.fixed(SIMD4(level, level, level, 0)) }
    return image
  }

  private var files: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted().map { folder + "/" + $0 }
  }

  @Test func theSameFrameIsPreparedOnce() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let kept = KeptFrames(folder: folder, bound: 1 << 20)
    let engine = CountingSegmenter()
    for level in [10, 20, 10, 20] as [Float] {
      #expect(try kept.frame(picture(level), by: engine, identity: "a").level == Int(level))
    }
    #expect(engine.count == 2 && files.count == 2)
    _ = try kept.frame(picture(10), by: engine, identity: "other weights")
    #expect(engine.count == 3)
  }

  @Test func damagedFilesAreMadeAnew() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let kept = KeptFrames(folder: folder, bound: 1 << 20)
    let engine = CountingSegmenter()
    _ = try kept.frame(picture(10), by: engine, identity: "a")
    let file = URL(fileURLWithPath: try #require(files.first))
    let whole = try Data(contentsOf: file)
    var turned = whole
    turned[whole.count - 1] ^= 1
    for damaged in [Data(), whole.prefix(20), whole.dropLast(), turned, whole + [0]] {
      let before = engine.count
      try damaged.write(to: file)
      #expect(try kept.frame(picture(10), by: engine, identity: "a").level == 10)
      #expect(engine.count == before + 1)
      #expect(try Data(contentsOf: file) == whole, "it is whole again")
    }
  }

  @Test func thoseUnusedLongestMakeRoom() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    // A file has 100 bytes and its hash.
    let kept = KeptFrames(folder: folder, bound: 300)
    let engine = CountingSegmenter()
    _ = try kept.frame(picture(10), by: engine, identity: "a")
    _ = try kept.frame(picture(20), by: engine, identity: "a")
    for (age, path) in zip([200.0, 100.0], try filesByUse()) {
      try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -age)], ofItemAtPath: path)
    }
    _ = try kept.frame(picture(10), by: engine, identity: "a")
    _ = try kept.frame(picture(30), by: engine, identity: "a")
    #expect(engine.count == 3 && files.count == 2)
    _ = try kept.frame(picture(10), by: engine, identity: "a")
    #expect(engine.count == 3, "it was used last")
    _ = try kept.frame(picture(20), by: engine, identity: "a")
    #expect(engine.count == 4)
    let none = KeptFrames(folder: folder + "/none", bound: 50)
    _ = try none.frame(picture(10), by: engine, identity: "a")
    #expect(!FileManager.default.fileExists(atPath: none.folder), "what is larger than the bound is not kept")
  }

  private func filesByUse() throws -> [String] {
    try files.map { path in
      (path, try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date ?? .distantPast)
    }.sorted { $0.1 < $1.1 }.map(\.0)
  }

  /// A second session of a clip does not prepare again what the first did.
  @Test func sessionsShareWhatIsKept() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let clip = try RenderedClip(frames: 3)
    let engine = CountingSegmenter()
    func session() throws -> ClipSession {
      try ClipSession(
        input: clip.video, settings: RemovalSettings(threads: 1), preparedBytes: 1 << 20,
        engine: PreparingEngine(
          kept: KeptFrames(folder: folder, bound: 1 << 20), segmenter: { engine }, identity: { "a" }))
    }
    let first = try session()
    for frame in [0, 1, 0] { try first.prepare(frame) }
    #expect(engine.count == 2)
    let second = try session()
    for frame in 0..<3 { try second.prepare(frame) }
    #expect(engine.count == 3)
  }
}
