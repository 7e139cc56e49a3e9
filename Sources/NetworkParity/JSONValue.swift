import Foundation

/// A parsed JSON document whose form is not known beforehand. Missing fields read as nil.
public indirect enum JSONValue: Sendable, Equatable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// - Throws: `ParityError` naming the file.
  public init(file: String) throws(ParityError) {
    guard let data = FileManager.default.contents(atPath: file) else { throw ParityError("\(file) cannot be read") }
    guard let parsed = try? JSONSerialization.jsonObject(with: data, options: [.fragmentsAllowed]) else {
      throw ParityError("\(file) is no JSON")
    }
    self.init(parsed)
  }

  private init(_ parsed: Any) {
    switch parsed {
    case let text as String: self = .string(text)
    case let list as [Any]: self = .array(list.map(JSONValue.init))
    case let fields as [String: Any]: self = .object(fields.mapValues(JSONValue.init))
    case let number as NSNumber:
      self = isBoolean(number) ? .bool(number.boolValue) : .number(number.doubleValue)
    default: self = .null
    }
  }

  public subscript(name: String) -> JSONValue? {
    guard case .object(let fields) = self, let value = fields[name], value != .null else { return nil }
    return value
  }

  public var string: String? { if case .string(let text) = self { text } else { nil } }
  public var bool: Bool? { if case .bool(let flag) = self { flag } else { nil } }
  public var double: Double? { if case .number(let number) = self { number } else { nil } }
  public var int: Int? { double.flatMap { Int(exactly: $0) } }
  public var array: [JSONValue]? { if case .array(let list) = self { list } else { nil } }
  public var object: [String: JSONValue]? { if case .object(let fields) = self { fields } else { nil } }
  public var ints: [Int]? { array.map { $0.compactMap(\.int) } }
  public var doubles: [Double]? { array.map { $0.compactMap(\.double) } }
}

private func isBoolean(_ number: NSNumber) -> Bool {
  // Foundation keeps true and false as numbers of the C type char.
  String(cString: number.objCType) == "c"
}
