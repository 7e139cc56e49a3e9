/// Any JSON, looked at by the tests.
public enum Anything: Decodable {
  case text(String)
  case number(Double)
  case flag(Bool)
  case list([Anything])
  case object([String: Anything])
  case nothing

  public init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if let text = try? value.decode(String.self) {
      self = .text(text)
    } else if let flag = try? value.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let list = try? value.decode([Anything].self) {
      self = .list(list)
    } else if let object = try? value.decode([String: Anything].self) {
      self = .object(object)
    } else {
      self = .nothing
    }
  }

  public var text: String? { if case .text(let text) = self { text } else { nil } }
  public var number: Double? { if case .number(let number) = self { number } else { nil } }
  public var list: [Anything] { if case .list(let list) = self { list } else { [] } }
  public subscript(key: String) -> Anything {
    if case .object(let object) = self { object[key] ?? .nothing } else { .nothing }
  }
  public var isTrue: Bool { if case .flag(let flag) = self { flag } else { false } }
}
