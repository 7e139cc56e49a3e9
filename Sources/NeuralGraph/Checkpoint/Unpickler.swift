/// Reads a pickle of protocols 0 to 5 for its tensors, and executes nothing: of the calls that a pickle can ask for it
/// knows the few that tensors need and refuses every other by name.
///
/// Python's pickletools documents the instructions.
struct Unpickler {
  private let file: MappedFile
  let limit: Int
  var position: Int
  var arena = PickleArena()
  var stack: [PickleArena.Reference] = []
  var marks: [Int] = []
  var memo: [Int: PickleArena.Reference] = [:]

  /// Reads the pickle that begins at `range.lowerBound`; `position` is then behind its STOP.
  init(_ file: MappedFile, _ range: Range<Int>) {
    self.file = file
    position = range.lowerBound
    limit = range.upperBound
  }

  /// The value that the pickle leaves.
  /// - Throws: `CheckpointError`.
  mutating func run() throws(CheckpointError) -> PickleArena.Reference {
    while true {
      let opcode = try byte()
      if opcode == UInt8(ascii: ".") {
        guard stack.count == 1, marks.isEmpty else { throw damaged("ends with \(stack.count) values") }
        return stack[0]
      }
      guard let instruction = Instruction(rawValue: opcode) else {
        throw CheckpointError(
          .forbidden, file: file.path, "the pickle holds the instruction \(opcode), which tensors do not need")
      }
      try execute(instruction)
    }
  }

  // MARK: Bytes

  var path: String { file.path }

  func damaged(_ what: String) -> CheckpointError { CheckpointError(.badData, file: file.path, "the pickle \(what)") }
  func forbidden(_ what: String) -> CheckpointError {
    CheckpointError(.forbidden, file: file.path, "the pickle \(what); nothing was executed")
  }

  mutating func byte() throws(CheckpointError) -> UInt8 {
    guard position < limit else { throw damaged("ends without STOP") }
    defer { position += 1 }
    return file.byte(position)
  }

  mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type) throws(CheckpointError) -> Int {
    guard position + MemoryLayout<Value>.size <= limit, let value = file.integer(Value.self, at: position) else {
      throw damaged("is cut short")
    }
    guard let number = Int(exactly: value) else { throw damaged("holds a length of \(value)") }
    position += MemoryLayout<Value>.size
    return number
  }

  mutating func bytes(_ count: Int) throws(CheckpointError) -> [UInt8] {
    guard count >= 0, count <= limit - position else {
      throw damaged("asks for \(count) bytes and has \(limit - position)")
    }
    defer { position += count }
    return file.bytes(position..<position + count)
  }

  mutating func text(_ count: Int) throws(CheckpointError) -> String {
    guard let text = String(validating: try bytes(count), as: UTF8.self) else {
      throw damaged("holds text that is not UTF-8")
    }
    return text
  }

  /// A line without its end, as protocol 0 writes arguments.
  mutating func line() throws(CheckpointError) -> String {
    let start = position
    while try byte() != UInt8(ascii: "\n") {}
    return String(decoding: file.bytes(start..<position - 1), as: UTF8.self)
  }

  // MARK: The stack

  mutating func push(_ node: PickleArena.Node) { stack.append(arena.add(node)) }

  mutating func pop() throws(CheckpointError) -> PickleArena.Reference {
    guard stack.count > (marks.last ?? 0), let top = stack.popLast() else { throw damaged("takes from an empty stack") }
    return top
  }

  func top() throws(CheckpointError) -> PickleArena.Reference {
    guard stack.count > (marks.last ?? 0), let top = stack.last else { throw damaged("looks at an empty stack") }
    return top
  }

  /// Everything above the last mark.
  mutating func popToMark() throws(CheckpointError) -> [PickleArena.Reference] {
    guard let mark = marks.popLast(), mark <= stack.count else { throw damaged("misses a mark") }
    let items = Array(stack[mark...])
    stack.removeSubrange(mark...)
    return items
  }
}
