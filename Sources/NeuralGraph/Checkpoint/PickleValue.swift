/// What an unpickler found, as nodes of a flat arena: references are indices, so that neither deep nor circular nor
/// shared structures can exhaust the stack or be copied apart.
struct PickleArena {
  typealias Reference = Int

  enum Node {
    case none
    case bool(Bool)
    case integer(Int)
    /// Numbers wider than 64 bits, floats and bytes: nothing that tensors need, kept as a place.
    case opaque
    case text(String)
    case list([Reference])
    case tuple([Reference])
    /// In order of insertion; a later equal key wins.
    case dictionary([(key: Reference, value: Reference)])
    /// A name of the short list that tensors need.
    case global(KnownGlobal)
    /// A class or function of another library: may stand in the file, and never is called.
    case foreign(module: String, name: String)
    case storage(PickledStorage)
    case tensor(PickledTensor)
  }

  private(set) var nodes: [Node] = []

  mutating func add(_ node: Node) -> Reference {
    nodes.append(node)
    return nodes.count - 1
  }

  subscript(_ reference: Reference) -> Node {
    get { nodes[reference] }
    set { nodes[reference] = newValue }
  }

  func integer(_ reference: Reference) -> Int? {
    switch nodes[reference] {
    case .integer(let value): value
    case .bool(let value): value ? 1 : 0
    default: nil
    }
  }

  func text(_ reference: Reference) -> String? {
    if case .text(let value) = nodes[reference] { value } else { nil }
  }

  func tuple(_ reference: Reference) -> [Reference]? {
    if case .tuple(let items) = nodes[reference] { items } else { nil }
  }

  /// A tuple, or a list, of integers: sizes and strides.
  func integers(_ reference: Reference) -> [Int]? {
    let items: [Reference]
    switch nodes[reference] {
    case .tuple(let found), .list(let found): items = found
    default: return nil
    }
    let values = items.compactMap { integer($0) }
    return values.count == items.count ? values : nil
  }
}

/// The storage that a tensor names by its persistent id.
struct PickledStorage {
  var type: ElementType
  var key: String
  /// Elements.
  var count: Int
}

struct PickledTensor {
  var storage: PickledStorage
  var offset: Int
  var shape: [Int]
  var strides: [Int]
}

/// The only functions and classes that a checkpoint may call: each is answered here, none is looked up.
enum KnownGlobal: Equatable {
  case orderedDictionary
  case rebuildTensor
  case rebuildParameter
  case size
  case storage(ElementType)
  case element(ElementType)
  /// Calls whose results are kept as opaque places: numpy scalars and dtypes, sets, devices.
  case inert

  init?(module: String, name: String) {
    switch (module, name) {
    case ("collections", "OrderedDict"): self = .orderedDictionary
    case ("torch._utils", "_rebuild_tensor_v2"), ("torch._utils", "_rebuild_tensor"): self = .rebuildTensor
    case ("torch._utils", "_rebuild_parameter"): self = .rebuildParameter
    case ("torch", "Size"): self = .size
    case ("torch", _):
      if let type = ElementType(storageClass: name) {
        self = .storage(type)
      } else if let type = ElementType(rawValue: name) {
        self = .element(type)
      } else if name == "device" {
        self = .inert
      } else {
        return nil
      }
    case ("numpy", "dtype"), ("numpy", "ndarray"), ("numpy.core.multiarray", "scalar"),
      ("numpy._core.multiarray", "scalar"), ("numpy.core.multiarray", "_reconstruct"),
      ("numpy._core.multiarray", "_reconstruct"), ("_codecs", "encode"), ("argparse", "Namespace"),
      ("collections", "defaultdict"), ("collections", "Counter"), ("builtins", "set"), ("__builtin__", "set"):
      self = .inert
    default: return nil
    }
  }
}
