import Foundation
import NeuralGraph

/// One network's parity data: manifest, cases and expected tensors, as the format's README describes them.
public struct ParityFolder: Sendable {
  public let path: String
  /// The network's name in `cases.json`.
  public let network: String
  public let cases: [ParityCase]
  public let manifest: JSONValue
  private let expected: [String: StoredTensor]
  /// Frames are named from here.
  let root: String

  /// - Throws: `ParityError`, `CheckpointError`.
  public init(_ path: String) throws {
    self.path = path
    manifest = try JSONValue(file: path + "/manifest.json")
    let document = try JSONValue(file: path + "/cases.json")
    guard let network = document["network"]?.string, let cases = document["cases"]?.array else {
      throw ParityError("\(path)/cases.json names no network or holds no cases")
    }
    self.network = network
    self.cases = try cases.map { (fields) throws(ParityError) in try ParityCase(fields, file: path) }
    let stored = try Checkpoint(path + "/expected.safetensors").entries
    expected = Dictionary(stored.map { ($0.path.joined(separator: "/"), $0.tensor) }) { $1 }
    root = URL(fileURLWithPath: path + "/../..").standardizedFileURL.path
  }

  /// The folders below `path` that hold a network's data, or `path` itself where it does.
  public static func networks(in path: String) -> [String] {
    let files = FileManager.default
    if files.fileExists(atPath: path + "/cases.json") { return [path] }
    let names = ((try? files.contentsOfDirectory(atPath: path)) ?? []).sorted()
    return names.map { path + "/" + $0 }.filter { files.fileExists(atPath: $0 + "/cases.json") }
  }

  /// Weights by the formula, read one by one when a graph asks for them.
  public var weights: NetworkWeights {
    let tensors = (manifest["tensors"]?.array ?? []).compactMap(FormulaStream.weight)
    return NetworkWeights(
      source: path + "/manifest.json",
      tensors: Dictionary(tensors.map { ($0.key, $0.tensor) }) { $1 })
  }

  func expectation(_ output: ParityOutput) -> [Float]? { expected[output.tensor]?.floats() }

  /// A frame's file: from the folder that holds `parity/`, or where that was renamed, from within it.
  func frame(_ relative: String) -> String {
    let direct = root + "/" + relative
    guard !FileManager.default.fileExists(atPath: direct), relative.hasPrefix("parity/") else { return direct }
    return URL(fileURLWithPath: path + "/..").standardizedFileURL.path + relative.dropFirst("parity".count)
  }
}

/// A case: what goes in, what must come out, and the fields that say how.
public struct ParityCase: Sendable {
  public let name: String
  public let fields: JSONValue
  public let inputs: [ParityInput]
  public let outputs: [ParityOutput]

  init(_ fields: JSONValue, file: String) throws(ParityError) {
    guard let name = fields["name"]?.string, let inputs = fields["inputs"]?.array,
      let outputs = fields["outputs"]?.array
    else { throw ParityError("\(file)/cases.json holds a case without name, inputs or outputs") }
    self.name = name
    self.fields = fields
    self.inputs = try inputs.map { (input) throws(ParityError) in
      guard let own = input["name"]?.string else { throw ParityError("\(file): \(name) has an input without a name") }
      return ParityInput(name: own, fields: input)
    }
    self.outputs = try outputs.map { (output) throws(ParityError) in
      guard let parsed = ParityOutput(output) else { throw ParityError("\(file): \(name) has a damaged output") }
      return parsed
    }
  }

  public subscript(field: String) -> JSONValue? { fields[field] }

  /// A case's kind is its name up to a suffix: `match_517_63` is a `match`.
  public func isKind(_ kind: String) -> Bool { name == kind || name.hasPrefix(kind + "_") }

  public func hasInput(_ name: String) -> Bool { inputs.contains { $0.name == name } }
}

public struct ParityInput: Sendable {
  public let name: String
  public let fields: JSONValue
}

public struct ParityOutput: Sendable {
  public let name: String
  public let shape: [Int]
  public let type: String
  public let fields: JSONValue
  let tensor: String
  let stride: Int
  let deviation: Double

  init?(_ fields: JSONValue) {
    guard let name = fields["name"]?.string, let shape = fields["shape"]?.ints, let tensor = fields["tensor"]?.string
    else { return nil }
    self.name = name
    self.shape = shape
    self.tensor = tensor
    self.fields = fields
    type = fields["dtype"]?.string ?? "float32"
    stride = max(1, fields["stride"]?.int ?? 1)
    deviation = fields["std"]?.double ?? 0
  }
}
