import NeuralRuntime

/// Keys of memory elements and what is known of their use. Rows, one an element.
struct XMemElements: Sendable {
  let keySize: Int
  /// `keySize` an element.
  private(set) var keys: [Float] = []
  private(set) var shrinkage: [Float] = []
  /// `keySize` an element; empty in a long-term memory.
  private(set) var selection: [Float] = []
  /// What a query row is multiplied with: similarity = row . query; see `queryRows`.
  private(set) var rows: [Float] = []
  /// Affinity of all queries so far, and how many readings there were.
  private(set) var use: [Float] = []
  private(set) var life: [Float] = []

  var count: Int { shrinkage.count }

  init(keySize: Int) { self.keySize = keySize }

  /// Numbers in a row: squares, products and the query's own part.
  static func rowSize(_ keySize: Int) -> Int { 2 * keySize + 1 }

  /// Elements from maps of [1, channels, rows, columns] or [1, channels, elements].
  init(key: NeuralTensor, shrinkage: NeuralTensor, selection: NeuralTensor) {
    self.init(keySize: key.shape[1])
    append(keys: key.elementRows, shrinkage: shrinkage.floats, selection: selection.elementRows)
  }

  mutating func append(keys: [Float], shrinkage: [Float], selection: [Float] = []) {
    self.keys += keys
    self.shrinkage += shrinkage
    self.selection += selection
    use += [Float](repeating: 0, count: shrinkage.count)
    life += [Float](repeating: 1e-7, count: shrinkage.count)
    let size = Self.rowSize(keySize)
    let start = rows.count
    rows += [Float](repeating: 0, count: size * shrinkage.count)
    for element in shrinkage.indices {
      let scale = shrinkage[element] / Float(keySize).squareRoot()
      let row = start + element * size
      for channel in 0..<keySize {
        let key = keys[element * keySize + channel]
        rows[row + channel] = -scale * (key * key)
        rows[row + keySize + channel] = scale * (2 * key)
      }
      rows[row + 2 * keySize] = -scale
    }
  }

  /// Rows for queries: similarity is -sum of selection * (key - query)^2 * shrinkage / sqrt(keySize), written out.
  static func queryRows(key: [Float], selection: [Float], keySize: Int) -> NeuralTensor {
    let (count, size) = (key.count / max(1, keySize), rowSize(keySize))
    return NeuralTensor([count, size]) { out in
      for query in 0..<count {
        var own: Float = 0
        for channel in 0..<keySize {
          let (key, weight) = (key[query * keySize + channel], selection[query * keySize + channel])
          out[query * size + channel] = weight
          out[query * size + keySize + channel] = key * weight
          own += weight * (key * key)
        }
        out[query * size + 2 * keySize] = own
      }
    }
  }

  func key(_ element: Int) -> ArraySlice<Float> { keys[element * keySize..<(element + 1) * keySize] }
  func selection(_ element: Int) -> ArraySlice<Float> { selection[element * keySize..<(element + 1) * keySize] }
  func usage(_ element: Int) -> Float { use[element] / life[element] }

  /// Counts a reading; `affinity` holds each element's sum over the queries.
  mutating func countUse(_ affinity: ArraySlice<Float>) {
    for (element, value) in zip(use.indices, affinity) {
      use[element] += value
      life[element] += 1
    }
  }

  mutating func keep(_ survivors: [Int]) {
    func kept(_ values: [Float], _ size: Int) -> [Float] {
      survivors.flatMap { values[$0 * size..<($0 + 1) * size] }
    }
    keys = kept(keys, keySize)
    if !selection.isEmpty { selection = kept(selection, keySize) }
    rows = kept(rows, Self.rowSize(keySize))
    (shrinkage, use, life) = (kept(shrinkage, 1), kept(use, 1), kept(life, 1))
  }
}

extension NeuralTensor {
  /// A map of [1, channels, …] as rows, one a position.
  var elementRows: [Float] {
    let channels = shape[1]
    let positions = count / max(1, channels)
    return withFloats { floats in
      [Float](unsafeUninitializedCapacity: count) { out, filled in
        for channel in 0..<channels {
          for position in 0..<positions { out[position * channels + channel] = floats[channel * positions + position] }
        }
        filled = count
      }
    }
  }
}
