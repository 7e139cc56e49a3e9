import Foundation
import NeuralGraph
import TestSupport
import Testing

/// The sample files of shared/parity: every good one gives its tensors to the bit, every hostile one is refused.
@Suite(.enabled(if: SharedClips.isAvailable)) struct CheckpointTests {
  struct Expectation: Decodable, Sendable {
    struct Tensor: Decodable, Sendable {
      var path: [Key]
      var shape: [Int]
      var dtype: String
      var values: [Number]
    }

    var result: String
    var tensors: [Tensor]?
  }

  /// A key is text or an index.
  struct Key: Decodable, Sendable {
    var text: String

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      text = try (try? container.decode(String.self)) ?? String(container.decode(Int.self))
    }
  }

  /// A number, a special float as text, or a pair for a complex one.
  enum Number: Decodable, Sendable {
    case value(Double)
    case integer(Int64)
    case pair([Number])

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let flag = try? container.decode(Bool.self) {
        self = .integer(flag ? 1 : 0)
      } else if let integer = try? container.decode(Int64.self) {
        self = .integer(integer)
      } else if let value = try? container.decode(Double.self) {
        self = .value(value)
      } else if let text = try? container.decode(String.self) {
        self = .value(text == "nan" ? .nan : Double(text) ?? .nan)
      } else {
        self = .pair(try container.decode([Number].self))
      }
    }

    var floats: [Float] {
      switch self {
      case .value(let value): [Float(value)]
      case .integer(let value): [Float(value)]
      case .pair(let parts): parts.flatMap(\.floats)
      }
    }
  }

  static let files: [(name: String, expected: Expectation)] = {
    struct Index: Decodable { var files: [String: Expectation] }
    guard let path = SharedClips.path("parity/checkpoints/expected.json"),
      let index = try? JSONDecoder().decode(Index.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    else { return [] }
    return index.files.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }()

  @Test func theSamplesAreThere() { #expect(Self.files.count > 60) }

  @Test(arguments: files.map(\.name)) func answersAsExpected(_ name: String) throws {
    let expected = try #require(Self.files.first { $0.name == name }).expected
    let path = try #require(SharedClips.path("parity/checkpoints/" + name))
    guard expected.result == "ok" else {
      if expected.result == "refuse" {
        #expect(throws: CheckpointError.self) { try Checkpoint(path) }
      } else {
        _ = try? Checkpoint(path)
      }
      #expect(!FileManager.default.fileExists(atPath: "/tmp/pwned"))
      return
    }
    let entries = try Checkpoint(path).entries
    let wanted = expected.tensors ?? []
    #expect(Set(entries.map(\.path)) == Set(wanted.map { $0.path.map(\.text) }))
    for tensor in wanted {
      let found = try #require(entries.first { $0.path == tensor.path.map(\.text) }).tensor
      #expect(found.shape == tensor.shape)
      #expect(found.type.rawValue == tensor.dtype)
      let floats = found.floats()
      let values = tensor.values.flatMap(\.floats)
      #expect(floats.count == values.count)
      #expect(zip(floats, values).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) })
    }
  }
}
