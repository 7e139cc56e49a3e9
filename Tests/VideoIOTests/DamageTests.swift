import Foundation
import Imaging
import TestSupport
import Testing

@testable import VideoIO

/// Damaged and truncated files: what is there is read, and what is not is said.
@Suite struct DamageTests {
  static let clips = ReadingClip.all.filter {
    [
      "bframes.mp4", "opengop.mkv", "opengop.mp4", "refresh.mkv", "hevc.mp4", "hevc10.mkv", "mpeg4.avi",
      "vp9.webm", "mjpeg.avi", "ffv1.mkv", "prores.mov", "flv.flv",
    ].contains($0.name)
  }

  enum Kind: CaseIterable {
    /// Noise in the second half of the packet. Arithmetic decoders often take it for a picture.
    case noise
    /// Nothing but zeros.
    case lost
  }

  static func damaged(_ clip: ReadingClip, packet: Int, _ kind: Kind) throws -> String {
    let path = try clip.path()
    let place = try TestMedia.packets(path)[packet]
    var bytes = try ByteSurgery.bytes(path)
    // Some containers count their own header, which must stay, as part of the packet.
    let range = place.offset + 24..<place.offset + place.size
    switch kind {
    case .noise: bytes = ByteSurgery.scrambled(bytes, range.lowerBound + place.size / 3..<range.upperBound, seed: 3)
    case .lost: bytes.replaceSubrange(range, with: repeatElement(0, count: range.count))
    }
    let name = TestMedia.folder + "/\(kind)-\(packet)-" + clip.name
    try ByteSurgery.write(bytes, name)
    return name
  }

  @Test(arguments: clips, Kind.allCases)
  func damageStaysWhereItIs(clip: ReadingClip, kind: Kind) throws {
    let clean = try VideoFileSource(try clip.path())
    let expected = try (0..<clean.info.frameCount).map { try clean.frame(at: $0).frame.digest }
    // In the middle of a group, near its end, and a keyframe of several clips.
    for packet in [26, 36, 41] {
      let path = try Self.damaged(clip, packet: packet, kind)
      let source = try VideoFileSource(path, threads: 3)
      #expect(source.info.frameCount == expected.count)
      let digests = try (0..<source.info.frameCount).map { try source.frame(at: $0).frame.digest }
      let changed = zip(digests, expected).enumerated().filter { $0.element.0 != $0.element.1 }.map(\.offset)
      #expect(!changed.isEmpty && changed.count < 40 && changed[0] >= packet - 4)
      let noticed = source.damage.repeatedFrames + source.damage.concealedFrames
      #expect(!clip.tells(kind) || !noticed.isEmpty, "packet \(packet) of \(clip.name)")
      try Self.expectSameInAnyOrder(path, digests, source.damage)
    }
  }

  private static func expectSameInAnyOrder(_ path: String, _ digests: [UInt64], _ damage: Damage) throws {
    let jumping = try VideoFileSource(path, cacheBytes: 0, threads: 2)
    for step in 0..<digests.count {
      let index = (step * 23 + 5) % digests.count
      let frame = try jumping.frame(at: index)
      #expect(frame.frame.digest == digests[index], "jump to \(index) in \(path)")
      #expect(frame.isRepeated == damage.repeatedFrames.contains(index), "jump to \(index) in \(path)")
    }
    #expect(jumping.damage == damage)
  }

  @Test(arguments: ["bframes.mp4", "opengop.mkv", "mjpeg.avi", "opengop.ts", "vp9.webm"], [40, 70, 95])
  func truncatedFilesAreReadAsFarAsTheyGo(name: String, percent: Int) throws {
    guard let clip = ReadingClip.all.first(where: { $0.name == name }) else { return }
    let path = try TestMedia.pattern(
      "start-" + clip.name, frames: clip.frames,
      clip.encoding + (name.hasSuffix("mp4") ? ["-movflags", "faststart"] : []))
    let bytes = try ByteSurgery.bytes(path)
    let cut = TestMedia.folder + "/cut-\(percent)-" + clip.name
    try ByteSurgery.write(bytes.prefix(bytes.count * percent / 100), cut)
    let (source, whole) = (try VideoFileSource(cut), try VideoFileSource(path))
    let count = source.info.frameCount
    #expect(count < whole.info.frameCount && count > 5)
    #expect(source.damage.isTruncated)
    #expect(source.info.warnings.contains { $0.contains("breaks off") })
    for index in 0..<count {
      let isSame = try source.frame(at: index).frame == whole.frame(at: index).frame
      #expect(isSame, "frame \(index)")
    }
    let error = #expect(throws: VideoIOError.self) { try source.frame(at: count) }
    #expect(error?.code == .badData && error?.frame == count)
  }

  @Test(arguments: ["opengop.mkv", "vp9.webm"])
  func aFileThatBreaksOffBetweenTwoFramesIsTruncated(name: String) throws {
    guard let clip = ReadingClip.all.first(where: { $0.name == name }) else { return }
    let path = try clip.path()
    #expect(try !VideoFileSource(path).damage.isTruncated)
    let bytes = try ByteSurgery.bytes(path)
    let cluster: [UInt8] = [0x1f, 0x43, 0xb6, 0x75]
    let last = try #require((0..<bytes.count - 4).last { bytes[$0..<$0 + 4].elementsEqual(cluster) })
    let cut = TestMedia.folder + "/between-" + name
    try ByteSurgery.write(bytes.prefix(last), cut)
    let source = try VideoFileSource(cut)
    #expect(source.damage.isTruncated && source.info.frameCount > 5)
  }

  @Test func numbersOutOfRangeAreErrors() throws {
    let source = try VideoFileSource(try ReadingClip.all[0].path())
    for index in [-1, 60, Int.max, Int.min] {
      let error = #expect(throws: VideoIOError.self) { try source.frame(at: index) }
      #expect(error?.code == .badData)
    }
  }
}

extension ReadingClip {
  /// Whether the codec can tell damage from content: arithmetic coders read a picture out of almost anything.
  fileprivate func tells(_ kind: DamageTests.Kind) -> Bool {
    switch kind {
    case .lost: ["bframes.mp4", "opengop.mp4", "mpeg4.avi", "mjpeg.avi", "prores.mov", "flv.flv"].contains(name)
    case .noise: ["mpeg4.avi", "mjpeg.avi", "prores.mov", "flv.flv", "ffv1.mkv"].contains(name)
    }
  }
}
