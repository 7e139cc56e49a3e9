import CArchive
import Foundation
import Imaging
import Testing

@testable import VideoIO

/// Zips that are to do harm. Their names are never used as paths, and their sizes never believed.
struct HostileZipTests {
  let folder = ScratchFolder()

  /// Writes a zip with libarchive as any program might.
  func zip(_ name: String, _ entries: [(name: String, bytes: [UInt8])], kind: UInt32 = 0o100000) -> String {
    let path = folder.file(name)
    let archive = archive_write_new()
    archive_write_set_format_zip(archive)
    archive_write_open_filename(archive, path)
    for (name, bytes) in entries {
      let entry = archive_entry_new()
      archive_entry_set_pathname(entry, name)
      archive_entry_set_filetype(entry, kind)
      archive_entry_set_perm(entry, 0o644)
      if kind == 0o120000 { archive_entry_set_symlink(entry, "/etc/passwd") }
      archive_entry_set_size(entry, kind == 0o120000 ? 0 : Int64(bytes.count))
      archive_write_header(archive, entry)
      archive_write_data(archive, bytes, bytes.count)
      archive_entry_free(entry)
    }
    archive_write_close(archive)
    archive_write_free(archive)
    return path
  }

  func png(_ number: Int) throws -> [UInt8] { try MaskPNG.bytes(MaskFixture.mask(number), "m.png") }

  func open(_ path: String, frames: Int, limits: MediaLimits = MediaLimits()) throws -> MaskSource {
    try MaskSource.open(path, width: 40, height: 30, frameCount: frames, limits: limits)
  }

  @Test func namesThatLeadOutAreOnlyNames() throws {
    let escape = "../../../../tmp/cleanplate-escape-\(UUID().uuidString)"
    let path = zip("slip.zip", [("\(escape)/0.png", try png(0)), ("\(escape)/1.png", try png(1))])
    let source = try open(path, frames: 2)
    #expect(try source.mask(at: 1) == MaskFixture.mask(1))
    #expect(
      folder.names == ["slip.zip"]
        && !FileManager.default.fileExists(atPath: "/tmp/" + escape.split(separator: "/").last!))
  }

  @Test func orderIsByNameAndFolderNamesAndStraysAreIgnored() throws {
    let path = zip(
      "mixed.zip",
      [
        ("m/10.png", try png(2)), ("m/9.png", try png(1)), ("__MACOSX/m/8.png", [1]), ("m/.hidden.png", [1]),
        ("m/readme.txt", [65]),
        ("m/8.png", try png(0)),
      ])
    let source = try open(path, frames: 3)
    for index in [2, 0, 1, 2] { #expect(try source.mask(at: index) == MaskFixture.mask(index)) }
  }

  @Test func bombsAreCutOff() {
    let path = zip("bomb.zip", [("0.png", [UInt8](repeating: 0, count: 8 << 20))])
    let limits = MediaLimits(pixels: 40 * 30)
    #expect(code { try open(path, frames: 1, limits: limits) } == .overLimit)
  }

  @Test func tooManyEntriesAreRefused() {
    let path = zip("many.zip", (0..<10_020).map { ("\($0).png", []) })
    #expect(code { try open(path, frames: 1, limits: MediaLimits(frames: 10)) } == .overLimit)
  }

  @Test func linksAndEmptyArchivesHoldNoImages() {
    #expect(code { try open(zip("links.zip", [("0.png", [])], kind: 0o120000), frames: 1) } == .noVideo)
    #expect(code { try open(zip("empty.zip", []), frames: 1) } == .noVideo)
  }

  @Test func imagesThatAreNoneAreBadData() {
    #expect(code { try open(zip("text.zip", [("0.png", Array("not a picture at all".utf8))]), frames: 1) } == .badData)
    #expect(code { try open(zip("void.zip", [("0.png", [])]), frames: 1) } == .badData)
  }

  @Test func damagedArchivesNeverTrap() throws {
    let whole = [UInt8](
      try Data(contentsOf: URL(fileURLWithPath: zip("a.zip", [("0.png", try png(0)), ("1.png", try png(1))]))))
    for step in 0..<60 {
      var bytes = whole
      if step % 2 == 0 { bytes.removeLast(whole.count * step / 60) } else { bytes[whole.count * step / 60] ^= 0xFF }
      let path = folder.file("broken.zip")
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      do {
        let source = try open(path, frames: 2)
        _ = try source.mask(at: 1)
      } catch { #expect(error is VideoIOError) }
    }
  }
}
