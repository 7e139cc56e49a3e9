extension Unpickler {
  var remaining: Int { limit - position }

  mutating func call(_ instruction: Instruction) throws(CheckpointError) {
    switch instruction {
    case .global:
      let module = try line()
      push(try global(module, try line()))
    case .stackGlobal:
      let name = try pop()
      guard let module = arena.text(try pop()), let name = arena.text(name) else {
        throw damaged("names a global by what is no text")
      }
      push(try global(module, name))
    case .reduce, .newObj:
      let arguments = try pop()
      push(try result(of: try pop(), arguments))
    case .newObjEx: throw forbidden("makes an object with keywords")
    case .build: try build()
    case .persId:
      throw forbidden("names a storage by a line of text, as no PyTorch writes")
    default: push(.storage(try storage(try pop())))
    }
  }

  private func global(_ module: String, _ name: String) throws(CheckpointError) -> PickleArena.Node {
    guard let known = KnownGlobal(module: module, name: name) else {
      throw forbidden("asks for \(module).\(name), which tensors do not need")
    }
    return .global(known)
  }

  private func result(
    of callee: PickleArena.Reference, _ arguments: PickleArena.Reference
  ) throws(CheckpointError) -> PickleArena.Node {
    guard case .global(let known) = arena[callee] else { throw forbidden("calls what is no known function") }
    guard let arguments = arena.tuple(arguments) else { throw damaged("calls with what is no tuple") }
    switch known {
    case .orderedDictionary:
      guard let items = arguments.first else { return .dictionary([]) }
      return .dictionary(try pairs(items))
    case .rebuildTensor: return .tensor(try tensor(arguments))
    case .rebuildParameter:
      guard let data = arguments.first, case .tensor(let tensor) = arena[data] else {
        throw damaged("rebuilds a parameter from no tensor")
      }
      return .tensor(tensor)
    case .size:
      guard let sizes = arguments.first, case .tuple = arena[sizes] else { throw damaged("makes a size of no tuple") }
      return arena[sizes]
    case .inert: return .opaque
    case .storage, .element: throw forbidden("calls a storage class")
    }
  }

  private func pairs(_ items: PickleArena.Reference) throws(CheckpointError) -> [(key: Int, value: Int)] {
    guard case .list(let entries) = arena[items] else { throw damaged("makes a dictionary of no list") }
    var pairs: [(key: Int, value: Int)] = []
    for entry in entries {
      let pair: [Int]
      switch arena[entry] {
      case .list(let found), .tuple(let found): pair = found
      default: throw damaged("makes a dictionary of what are no pairs")
      }
      guard pair.count == 2 else { throw damaged("makes a dictionary of what are no pairs") }
      pairs.append((pair[0], pair[1]))
    }
    return pairs
  }

  /// `_rebuild_tensor_v2(storage, offset, size, stride, …)`.
  private func tensor(_ arguments: [PickleArena.Reference]) throws(CheckpointError) -> PickledTensor {
    guard arguments.count >= 4, case .storage(let storage) = arena[arguments[0]],
      let offset = arena.integer(arguments[1]),
      let shape = arena.integers(arguments[2]), let strides = arena.integers(arguments[3])
    else { throw damaged("rebuilds a tensor from the wrong arguments") }
    guard shape.count <= 64 else { throw damaged("rebuilds a tensor of \(shape.count) dimensions") }
    return PickledTensor(storage: storage, offset: offset, shape: shape, strides: strides)
  }

  /// `("storage", class, key, location, count)`, with a view of `(key, offset, count)` at its end in legacy files.
  private func storage(_ id: PickleArena.Reference) throws(CheckpointError) -> PickledStorage {
    guard let parts = arena.tuple(id), parts.count >= 5, arena.text(parts[0]) == "storage",
      case .global(let known) = arena[parts[1]], let key = arena.text(parts[2]), let count = arena.integer(parts[4])
    else { throw damaged("names a storage in no known way") }
    guard case .storage(let type) = known else { throw damaged("names a storage of no known type") }
    guard !key.isEmpty,
      key.utf8.allSatisfy({
        (0x30...0x39).contains($0) || (0x61...0x7a).contains($0) || (0x41...0x5a).contains($0) || $0 == 0x5f
      })
    else {
      throw forbidden("names a storage by a path: \(key.prefix(40))")
    }
    if parts.count > 5, case .none = arena[parts[5]] {
    } else if parts.count > 5 {
      throw CheckpointError(
        .unsupported, file: path, "storage \(key) is a view of another, as PyTorch before 0.4 wrote them")
    }
    guard count >= 0 else { throw damaged("names a storage of \(count) elements") }
    return PickledStorage(type: type, key: key, count: count)
  }

  /// State is taken by dictionaries (their `_metadata`) and by opaque places, and ignored.
  private mutating func build() throws(CheckpointError) {
    _ = try pop()
    switch arena[try top()] {
    case .dictionary, .opaque, .tensor: break
    default: throw forbidden("sets the state of what is no dictionary")
    }
  }
}
