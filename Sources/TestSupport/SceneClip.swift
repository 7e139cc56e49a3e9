import Foundation
import Imaging
import VideoIO

extension SyntheticScene {
  /// Which side of the truth a file shows.
  public enum Layer: Sendable { case image, cleanPlate }

  /// Renders the scene into a file, with a tone of 440 Hz as sound where `hasSound`.
  ///
  /// 8-bit 4:2:0 BT.709 at `frameRate`. A folder (a path ending in `/`) gets PNG images, and no sound.
  /// - Throws: `VideoIOError`, also where the output is there already unless `force`.
  public func write(
    _ layer: Layer = .image, to path: String, frameRate: Rational = Rational(24, 1), hasSound: Bool = false,
    format: PixelFormat = PixelFormat(.yuv420), settings: EncodeSettings = EncodeSettings(), force: Bool = false
  ) throws {
    let seconds = Double(frameCount) / frameRate.value
    let wave = FileManager.default.temporaryDirectory.appending(path: "tone-\(UUID().uuidString).wav").path
    defer { try? FileManager.default.removeItem(atPath: wave) }
    if hasSound { try Tone().writeWave(seconds: seconds, to: wave) }
    let info = MediaInfo(
      rendered: frameCount, width: width, height: height, format: format, color: color(of: format),
      frameRate: frameRate, soundPath: hasSound ? wave : nil)
    let sink = try MediaSink.open(
      path, source: info, range: 0...frameCount - 1, times: (0, seconds), settings: settings, force: force)
    for index in 0..<frameCount {
      let rendered = frame(index)
      let image = layer == .image ? rendered.image : rendered.cleanPlate
      try sink.write(try Frame(image, format: format, color: info.color), time: Int64(index), duration: 1)
    }
    try sink.finish()
  }

  private func color(of format: PixelFormat) -> ColorDescription {
    format.layout == .rgb || format.layout == .grey ? .fullRangeRGB : .bt709
  }
}
