import Foundation
import Inpainting

/// The command line, read without ceremony: `--name value` pairs and bare flags.
struct Arguments {
  private var values: [String: String] = [:]

  init(_ words: ArraySlice<String>) {
    var name: String?
    for word in words {
      if word.hasPrefix("--") {
        name = String(word.dropFirst(2))
        values[name!] = ""
      } else if let current = name {
        values[current] = word
        name = nil
      }
    }
  }

  subscript(name: String) -> String? { values[name] }

  func number(_ name: String, default value: Int) -> Int { values[name].flatMap { Int($0) } ?? value }

  func list(_ name: String) -> [String]? {
    values[name].map { $0.split(separator: ",").map(String.init) }
  }

  /// The engine's options with those named by `--off` switched off.
  var options: InpaintingOptions {
    var options = InpaintingOptions()
    if values["membrane"] != nil {
      for name in InpaintingOptions.switches { options.turnOff(name) }
      options.reach = 0
    }
    for name in list("off") ?? [] { options.turnOff(name) }
    return options
  }
}

extension InpaintingOptions {
  static let switches = [
    "camera", "persistent", "far", "riding", "passing", "occluders", "exposure", "coherent", "ring", "blend", "patches",
    "grain",
  ]

  mutating func turnOff(_ name: String) {
    switch name {
    case "camera": usesCameraHypothesis = false
    case "persistent": usesPersistentHypothesis = false
    case "far": usesFarFrames = false
    case "riding": tellsRidingHoles = false
    case "passing": tellsPassingMotion = false
    case "occluders": tellsOccluders = false
    case "exposure": compensatesExposure = false
    case "coherent": choosesCoherently = false
    case "ring": asksRing = false
    case "blend": blendsGradients = false
    case "patches": completesPatches = false
    case "grain": matchesGrain = false
    default: FileHandle.standardError.write(Data("unknown option \(name)\n".utf8))
    }
  }
}
