extension ModelFile.Port {
  /// Whether the sizes agree; nil, on either side, is any.
  public func fits(_ wanted: [Int?]) -> Bool {
    isFloat32 && shape.count == wanted.count && zip(shape, wanted).allSatisfy { $0 == nil || $1 == nil || $0 == $1 }
  }

  /// Whether it is one picture [1, 3, height, width].
  public var isPicture: Bool { fits([1, 3, nil, nil]) }
}

extension ModelFile {
  /// What a network that takes one picture [1, 3, height, width] and nothing else calls it, and its size.
  public struct PictureInput: Sendable {
    public let name: String
    public let width: Int
    public let height: Int
  }

  /// Its only input as a picture.
  /// - Parameters:
  ///   - openSide: the size where the network leaves its own open.
  ///   - sides: that are of use.
  ///   - refusal: makes the error, of what the network has instead.
  public func pictureInput(
    openSide: Int, sides: ClosedRange<Int>, refusal: (String) -> NeuralError
  ) throws(NeuralError) -> PictureInput {
    guard inputs.count == 1, let input = inputs.first, input.isPicture else {
      throw refusal("its inputs are \(inputs.described)")
    }
    let (width, height) = (input.shape[3] ?? openSide, input.shape[2] ?? openSide)
    guard sides.contains(width), sides.contains(height) else { throw refusal("its picture is \(width)x\(height)") }
    return PictureInput(name: input.name, width: width, height: height)
  }
}

extension [ModelFile.Port] {
  /// Their shapes, for messages.
  public var described: String {
    let texts = prefix(8).map { port in
      "[" + port.shape.map { $0.map(String.init) ?? "any" }.joined(separator: ", ") + "]"
        + (port.isFloat32 ? "" : " not of float32")
    }
    return texts.isEmpty ? "none" : texts.joined(separator: " and ")
  }
}
