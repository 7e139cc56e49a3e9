import Foundation
import Imaging

/// Reads binary PPM and PGM (P6, P5; 8 bit): what development runs use before a video is at hand.
public enum PortableAnymap {
  public struct Malformed: Error {}

  public static func image(at path: String) throws -> RGBImage {
    let (kind, width, height, body) = try parse(path)
    guard kind == "P6", body.count >= width * height * 3 else { throw Malformed() }
    return RGBImage(width: width, height: height, rgb: Array(body.prefix(width * height * 3)))
  }

  public static func plane(at path: String) throws -> Plane<UInt8> {
    let (kind, width, height, body) = try parse(path)
    guard kind == "P5", body.count >= width * height else { throw Malformed() }
    return Plane(width: width, height: height, samples: Array(body.prefix(width * height)))
  }

  public static func write(_ image: RGBImage, to path: String) throws {
    var data = Data("P6\n\(image.width) \(image.height)\n255\n".utf8)
    data.append(contentsOf: image.rgbBytes)
    try data.write(to: URL(fileURLWithPath: path))
  }

  public static func write(_ plane: Plane<UInt8>, to path: String) throws {
    var data = Data("P5\n\(plane.width) \(plane.height)\n255\n".utf8)
    data.append(contentsOf: plane.samples)
    try data.write(to: URL(fileURLWithPath: path))
  }

  private static func parse(_ path: String) throws -> (String, Int, Int, [UInt8]) {
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    var fields: [String] = []
    var position = 0
    while fields.count < 4, position < bytes.count {
      var word: [UInt8] = []
      while position < bytes.count, bytes[position] > 32 {
        word.append(bytes[position])
        position += 1
      }
      position += 1
      if !word.isEmpty { fields.append(String(decoding: word, as: UTF8.self)) }
    }
    guard fields.count == 4, let width = Int(fields[1]), let height = Int(fields[2]) else { throw Malformed() }
    return (fields[0], width, height, Array(bytes[position...]))
  }
}
