extension ModelFile.Port {
  /// Whether the sizes agree; nil, on either side, is any.
  public func fits(_ wanted: [Int?]) -> Bool {
    isFloat32 && shape.count == wanted.count && zip(shape, wanted).allSatisfy { $0 == nil || $1 == nil || $0 == $1 }
  }

  /// Whether it is one picture [1, 3, height, width].
  public var isPicture: Bool { fits([1, 3, nil, nil]) }
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
