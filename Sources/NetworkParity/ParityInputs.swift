import Imaging
import NeuralRuntime
import VideoIO

/// The inputs of a case, made when asked for.
public struct ParityInputs {
  private let folder: ParityFolder
  private let parityCase: ParityCase

  init(_ folder: ParityFolder, _ parityCase: ParityCase) {
    self.folder = folder
    self.parityCase = parityCase
  }

  public var names: [String] { parityCase.inputs.map(\.name) }

  public func fields(_ name: String) throws -> JSONValue {
    guard let input = parityCase.inputs.first(where: { $0.name == name }) else {
      throw ParityError("\(parityCase.name) has no input \(name)")
    }
    return input.fields
  }

  public func tensor(_ name: String) throws -> NeuralTensor { try tensor(at: fields(name)) }

  /// All inputs whose names are `prefix` and a number, in the order listed.
  public func tensors(prefix: String) throws -> [NeuralTensor] {
    try parityCase.inputs.filter { input in
      input.name.hasPrefix(prefix) && input.name.dropFirst(prefix.count).allSatisfy(\.isNumber)
    }.map { try tensor(at: $0.fields) }
  }

  /// Verbatim values at full precision.
  public func values(_ name: String) throws -> [Double] {
    guard let values = try fields(name)["values"] else { throw ParityError("\(name) holds no values") }
    return FormulaStream.flattened(values)
  }

  /// The picture of a `frame` input, cropped.
  public func image(_ name: String) throws -> RGBImage { try image(at: fields(name)) }

  private func tensor(at input: JSONValue) throws -> NeuralTensor {
    let shape = input["shape"]?.ints ?? []
    guard shape.allSatisfy({ 0...1 << 20 ~= $0 }), shape.reduce(1.0, { $0 * Double($1) }) < 1e9 else {
      throw ParityError("\(parityCase.name): an input of shape \(shape)")
    }
    switch input["source"]?.string {
    case "formula": return try formula(input, shape)
    case "rects":
      return NeuralTensor(shape) { out in
        out.update(repeating: 0)
        paint(input["rects"], shape, out)
      }
    case "values":
      let values = FormulaStream.flattened(input["values"] ?? .null)
      guard values.count == shape.reduce(1, *) else { throw ParityError("values that do not fill \(shape)") }
      return NeuralTensor(values.map { Float($0) }, shape)
    case "frame": return try normalised(image(at: input), input)
    case let other: throw ParityError("\(parityCase.name): unknown source \(other ?? "none")")
    }
  }

  private func formula(_ input: JSONValue, _ shape: [Int]) throws -> NeuralTensor {
    guard let key = input["key"]?.string else { throw ParityError("\(parityCase.name): a formula without a key") }
    let (scale, offset) = (input["scale"]?.double ?? 1, input["offset"]?.double ?? 0)
    return NeuralTensor(shape) { out in
      FormulaStream.fill(out, key: key, scale: scale, offset: offset)
      if let ramp = input["add_ramp"] { add(ramp, shape, out) }
      paint(input["edit_rects"], shape, out)
      if input["convert"]?.string == "floor_uint8" {
        for index in out.indices { out[index] = max(0, min(255, out[index].rounded(.down))) }
      }
    }
  }

  /// [plane, y0, y1, x0, x1, value] each, in order.
  private func paint(_ rects: JSONValue?, _ shape: [Int], _ out: UnsafeMutableBufferPointer<Float>) {
    guard shape.count >= 2 else { return }
    let (height, width) = (shape[shape.count - 2], shape[shape.count - 1])
    for rect in rects?.array ?? [] {
      let values = rect.doubles ?? []
      guard values.count == 6 else { continue }
      let bounds = values[..<5].map { Int($0) }
      for y in max(0, bounds[1])..<max(0, bounds[1], min(height, bounds[2])) {
        for x in max(0, bounds[3])..<max(0, bounds[3], min(width, bounds[4])) {
          let index = (bounds[0] * height + y) * width + x
          if out.indices.contains(index) { out[index] = Float(values[5]) }
        }
      }
    }
  }

  private func add(_ ramp: JSONValue, _ shape: [Int], _ out: UnsafeMutableBufferPointer<Float>) {
    let axis = ramp["axis"]?.int ?? 0
    let along = axis < 0 ? axis + shape.count : axis
    guard shape.indices.contains(along), let divide = ramp["divide"]?.double else { return }
    let inner = shape[(along + 1)...].reduce(1, *)
    let subtract = Float(ramp["subtract"]?.double ?? 0)
    for index in out.indices {
      out[index] += Float(index / inner % shape[along]) / Float(divide) - subtract
    }
    guard let zero = ramp["zero_from"] else { return }
    let (height, width) = (shape[shape.count - 2], shape[shape.count - 1])
    for index in out.indices {
      let (row, column) = (index / width % height, index % width)
      if row >= zero["row"]?.int ?? .max || column >= zero["column"]?.int ?? .max { out[index] = 0 }
    }
  }

  private func image(at input: JSONValue) throws -> RGBImage {
    guard let frame = input["frame"]?.string, let crop = input["crop"]?.ints, crop.count == 4 else {
      throw ParityError("\(parityCase.name): a frame without file or crop")
    }
    let image = try StillImage.readRGB(folder.frame(frame))
    let region = Region(x: crop[0], y: crop[1], width: crop[2], height: crop[3])
    guard !region.isEmpty, image.bounds.contains(region) else {
      throw ParityError("\(frame) is \(image.width)x\(image.height); the crop \(crop) lies outside")
    }
    return image.cropped(to: region)
  }

  private func normalised(_ image: RGBImage, _ input: JSONValue) throws -> NeuralTensor {
    let mode = input["normalise"]?.string ?? "none"
    if mode == "none" {
      return NeuralTensor(image.rgbBytes.map { Float($0) }, [image.height, image.width, 3])
    }
    let padding = input["pad_right_bottom"]?.int ?? 0
    let (width, height) = (image.width + padding, image.height + padding)
    let bytes = image.rgbBytes
    let normalise = try Self.normalisation(mode)
    return NeuralTensor([1, 3, height, width]) { out in
      for channel in 0..<3 {
        for y in 0..<image.height {
          for x in 0..<image.width {
            out[(channel * height + y) * width + x] = normalise(
              Float(bytes[(y * image.width + x) * 3 + channel]), channel)
          }
        }
      }
    }
  }

  private static func normalisation(_ mode: String) throws(ParityError) -> (Float, Int) -> Float {
    let mean: [Float] = [0.485, 0.456, 0.406]
    let deviation: [Float] = [0.229, 0.224, 0.225]
    switch mode {
    case "raw": return { value, _ in value }
    case "half": return { value, _ in value / 255 * 2 - 1 }
    case "imagenet": return { value, channel in (value / 255 - mean[channel]) / deviation[channel] }
    default: throw ParityError("unknown normalisation \(mode)")
    }
  }
}
