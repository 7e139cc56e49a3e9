import NeuralGraph

/// A released model: what it is called, what its authors say of it, and how its file is known.
public struct ModelKind: Sendable {
  public enum Role: String, Sendable, Codable { case segmenter, tracker, inpainter }

  /// Under which it is listed and fetched, such as `sam_vit_b`.
  public let name: String
  public let title: String
  public let role: Role
  /// The engine's name on the command line, such as `sam`.
  public let engine: String
  /// As the authors' repository states it; nil where it states none.
  public let licence: String?
  /// Whether the licence forbids commercial use.
  public let isNonCommercial: Bool
  /// The authors' page.
  public let page: String
  /// The authors' file, where it can be fetched from an address; others are behind a page for people.
  public let address: String?
  /// Hex digits of the file's SHA-256, where known.
  public let sha256: String?
  /// Whether these are its weights, by their keys.
  let recognises: @Sendable (NetworkWeights) -> Bool
  /// Checks every key and shape.
  let verify: @Sendable (NetworkWeights) throws(GraphError) -> Void

  public init(
    name: String, title: String, role: Role, engine: String, licence: String?, isNonCommercial: Bool = false,
    page: String, address: String? = nil, sha256: String? = nil,
    recognises: @escaping @Sendable (NetworkWeights) -> Bool,
    verify: @escaping @Sendable (NetworkWeights) throws(GraphError) -> Void
  ) {
    self.name = name
    self.title = title
    self.role = role
    self.engine = engine
    self.licence = licence
    self.isNonCommercial = isNonCommercial
    self.page = page
    self.address = address
    self.sha256 = sha256
    self.recognises = recognises
    self.verify = verify
  }

  /// One sentence on what the user may do with it.
  public var licenceSentence: String {
    guard let licence else { return "its authors state no licence" }
    return isNonCommercial ? "\(licence): not for commercial use" : licence
  }
}
