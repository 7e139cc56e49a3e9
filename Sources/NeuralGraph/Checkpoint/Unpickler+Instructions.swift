extension Unpickler {
  /// The instructions that checkpoints use; the rest (INST, OBJ, the extension registry, out-of-band buffers) are refused.
  enum Instruction: UInt8 {
    case proto = 0x80
    case frame = 0x95
    case mark = 0x28
    case pop = 0x30
    case popMark = 0x31
    case dup = 0x32
    case none = 0x4e
    case newTrue = 0x88
    case newFalse = 0x89
    case int = 0x49
    case long = 0x4c
    case binInt = 0x4a
    case binInt1 = 0x4b
    case binInt2 = 0x4d
    case long1 = 0x8a
    case long4 = 0x8b
    case float = 0x46
    case binFloat = 0x47
    case string = 0x53
    case binString = 0x54
    case shortBinString = 0x55
    case unicode = 0x56
    case binUnicode = 0x58
    case shortBinUnicode = 0x8c
    case binUnicode8 = 0x8d
    case binBytes = 0x42
    case shortBinBytes = 0x43
    case binBytes8 = 0x8e
    case byteArray8 = 0x96
    case emptyList = 0x5d
    case append = 0x61
    case appends = 0x65
    case list = 0x6c
    case emptyTuple = 0x29
    case tuple = 0x74
    case tuple1 = 0x85
    case tuple2 = 0x86
    case tuple3 = 0x87
    case emptyDict = 0x7d
    case dict = 0x64
    case setItem = 0x73
    case setItems = 0x75
    case emptySet = 0x8f
    case addItems = 0x90
    case frozenSet = 0x91
    case get = 0x67
    case binGet = 0x68
    case longBinGet = 0x6a
    case put = 0x70
    case binPut = 0x71
    case longBinPut = 0x72
    case memoize = 0x94
    case global = 0x63
    case stackGlobal = 0x93
    case reduce = 0x52
    case newObj = 0x81
    case newObjEx = 0x92
    case build = 0x62
    case persId = 0x50
    case binPersId = 0x51
  }

  mutating func execute(_ instruction: Instruction) throws(CheckpointError) {
    switch instruction {
    case .proto:
      let version = try byte()
      guard version <= 5 else { throw forbidden("is of protocol \(version)") }
    case .frame:
      let length = try integer(UInt64.self)
      guard length <= remaining else { throw damaged("declares a frame longer than the file") }
    case .mark: marks.append(stack.count)
    case .pop: if marks.last == stack.count { _ = marks.popLast() } else { _ = try pop() }
    case .popMark: _ = try popToMark()
    case .dup: stack.append(try top())
    case .int, .long, .binInt, .binInt1, .binInt2, .long1, .long4, .none, .newTrue, .newFalse, .float, .binFloat:
      push(try scalar(instruction))
    case .string, .binString, .shortBinString, .unicode, .binUnicode, .shortBinUnicode, .binUnicode8, .binBytes,
      .shortBinBytes, .binBytes8, .byteArray8:
      push(try characters(instruction))
    case .get, .binGet, .longBinGet, .put, .binPut, .longBinPut, .memoize: try useMemo(instruction)
    case .global, .stackGlobal, .reduce, .newObj, .newObjEx, .build, .persId, .binPersId: try call(instruction)
    default: try collect(instruction)
    }
  }

  private mutating func scalar(_ instruction: Instruction) throws(CheckpointError) -> PickleArena.Node {
    switch instruction {
    case .newTrue: return .bool(true)
    case .newFalse: return .bool(false)
    case .binInt: return .integer(try integer(Int32.self))
    case .binInt1: return .integer(Int(try byte()))
    case .binInt2: return .integer(try integer(UInt16.self))
    case .long1: return wide(try bytes(Int(try byte())))
    case .long4:
      let count = try integer(Int32.self)
      return wide(try bytes(count))
    case .int, .long:
      let text = try line()
      if text == "00" || text == "01" { return .bool(text == "01") }
      return Int(text.hasSuffix("L") ? String(text.dropLast()) : text).map { .integer($0) } ?? .opaque
    case .float:
      _ = try line()
      return .opaque
    case .binFloat:
      _ = try bytes(8)
      return .opaque
    default: return .none
    }
  }

  /// Two's complement, little-endian, of any length.
  private func wide(_ bytes: [UInt8]) -> PickleArena.Node {
    guard bytes.count <= 8 else { return .opaque }
    let negative = (bytes.last ?? 0) & 0x80 != 0
    var value: UInt64 = negative ? .max : 0
    for byte in bytes.reversed() { value = value << 8 | UInt64(byte) }
    return .integer(Int(Int64(bitPattern: value)))
  }

  private mutating func characters(_ instruction: Instruction) throws(CheckpointError) -> PickleArena.Node {
    switch instruction {
    case .string:
      let quoted = try line()
      return .text(String(quoted.dropFirst().dropLast()))
    case .unicode: return .text(try line())
    case .binString: return .text(String(decoding: try bytes(try integer(Int32.self)), as: UTF8.self))
    case .shortBinString: return .text(String(decoding: try bytes(Int(try byte())), as: UTF8.self))
    case .binUnicode: return .text(try text(try integer(UInt32.self)))
    case .shortBinUnicode: return .text(try text(Int(try byte())))
    case .binUnicode8: return .text(try text(try integer(UInt64.self)))
    case .binBytes: try skip(try integer(UInt32.self))
    case .shortBinBytes: try skip(Int(try byte()))
    default: try skip(try integer(UInt64.self))
    }
    return .opaque
  }

  private mutating func skip(_ count: Int) throws(CheckpointError) {
    guard count >= 0, count <= remaining else { throw damaged("asks for \(count) bytes and has \(remaining)") }
    position += count
  }

  private mutating func useMemo(_ instruction: Instruction) throws(CheckpointError) {
    switch instruction {
    case .put, .get:
      guard let index = Int(try line()) else { throw damaged("names a memo entry that is no number") }
      if instruction == .put { try remember(index) } else { try recall(index) }
    case .binPut: try remember(Int(try byte()))
    case .longBinPut: try remember(try integer(UInt32.self))
    case .memoize: memo[memo.count] = try top()
    case .binGet: try recall(Int(try byte()))
    default: try recall(try integer(UInt32.self))
    }
  }

  /// Picklers number entries one by one: an index beyond the bytes read so far is a lie.
  private mutating func remember(_ index: Int) throws(CheckpointError) {
    guard 0...position ~= index else { throw damaged("stores an entry \(index) that cannot be") }
    memo[index] = try top()
  }

  private mutating func recall(_ index: Int) throws(CheckpointError) {
    guard let value = memo[index] else { throw damaged("recalls entry \(index), which was never stored") }
    stack.append(value)
  }

  private mutating func collect(_ instruction: Instruction) throws(CheckpointError) {
    switch instruction {
    case .emptyList: push(.list([]))
    case .emptyTuple: push(.tuple([]))
    case .emptyDict: push(.dictionary([]))
    case .emptySet: push(.opaque)
    case .list: push(.list(try popToMark()))
    case .tuple: push(.tuple(try popToMark()))
    case .frozenSet:
      _ = try popToMark()
      push(.opaque)
    case .addItems: _ = try popToMark()
    case .tuple1: push(.tuple([try pop()]))
    case .tuple2:
      let second = try pop()
      push(.tuple([try pop(), second]))
    case .tuple3:
      let third = try pop()
      let second = try pop()
      push(.tuple([try pop(), second, third]))
    case .append: try append([try pop()])
    case .appends: try append(try popToMark())
    case .setItem:
      let value = try pop()
      try setItems([try pop(), value])
    case .setItems: try setItems(try popToMark())
    default:
      let items = try popToMark()
      push(.dictionary([]))
      try setItems(items)
    }
  }

  private mutating func append(_ items: [PickleArena.Reference]) throws(CheckpointError) {
    let target = try top()
    switch arena[target] {
    case .list(let held): arena[target] = .list(held + items)
    case .opaque: break
    default: throw damaged("appends to what is no list")
    }
  }

  private mutating func setItems(_ items: [PickleArena.Reference]) throws(CheckpointError) {
    guard items.count % 2 == 0 else { throw damaged("sets a key without a value") }
    let target = try top()
    switch arena[target] {
    case .dictionary(var held):
      arena[target] = .none
      for i in stride(from: 0, to: items.count, by: 2) { held.append((items[i], items[i + 1])) }
      arena[target] = .dictionary(held)
    case .opaque: break
    default: throw damaged("sets an item of what is no dictionary")
    }
  }
}
