/// Which neighbours of a pixel are joined to it.
public enum Connectivity: Sendable {
  /// Left, right, above, below.
  case four
  /// The corners too.
  case eight
}

/// The connected parts of a binary plane, numbered from 1 in the order in which their first pixels come row by row.
public struct Components: Sendable, Equatable {
  /// 0 for background, else the number of the part.
  public let labels: Plane<Int32>
  /// The pixels of part `i + 1`.
  public let areas: [Int]
  /// The smallest region that holds part `i + 1`.
  public let regions: [Region]

  public var count: Int { areas.count }

  /// The number of the part with most pixels, the first at a tie; nil where there is none.
  public var largest: Int32? {
    areas.indices.max { areas[$0] < areas[$1] || (areas[$0] == areas[$1] && $0 > $1) }.map { Int32($0 + 1) }
  }

  /// 255 on the parts whose number `isIncluded` accepts.
  public func coverage(where isIncluded: (Int32) -> Bool) -> Plane<UInt8> {
    let keep = (0...areas.count).map { $0 > 0 && isIncluded(Int32($0)) ? UInt8(255) : 0 }
    return labels.map { keep[Int($0)] }
  }
}

extension Plane where Sample == UInt8 {
  /// The connected parts of the samples above 0, by union-find over two passes.
  public func components(connectivity: Connectivity = .eight) -> Components {
    var labels = Plane<Int32>(width: width, height: height, repeating: 0)
    var sets = DisjointSets()
    for y in 0..<height {
      for x in 0..<width where samples[y * width + x] != 0 {
        let at = y * width + x
        var label: Int32 = x > 0 ? labels.samples[at - 1] : 0
        if y > 0 {
          let reach = connectivity == .eight ? 1 : 0
          for column in max(0, x - reach)...min(width - 1, x + reach) {
            let above = labels.samples[at - width - x + column]
            guard above > 0 else { continue }
            if label > 0, label != above { sets.join(label, above) }
            label = label > 0 ? label : above
          }
        }
        labels.samples[at] = label > 0 ? label : sets.add()
      }
    }
    return numbered(labels, sets.numbers())
  }

  private func numbered(_ provisional: Plane<Int32>, _ numbers: [Int32]) -> Components {
    var labels = provisional
    let count = Int(numbers.max() ?? 0)
    var areas = [Int](repeating: 0, count: count)
    var regions = [Region](repeating: Region(x: 0, y: 0, width: 0, height: 0), count: count)
    for y in 0..<height {
      for x in 0..<width where labels.samples[y * width + x] > 0 {
        let number = numbers[Int(labels.samples[y * width + x])]
        labels.samples[y * width + x] = number
        let part = Int(number) - 1
        areas[part] += 1
        var box = regions[part]
        if box.isEmpty { box = Region(x: x, y: y, width: 1, height: 1) }
        let left = min(box.x, x)
        regions[part] = Region(
          x: left, y: box.y, width: max(box.maxX, x + 1) - left, height: y - box.y + 1)
      }
    }
    return Components(labels: labels, areas: areas, regions: regions)
  }
}

/// Sets of labels from 1 on that were found to belong together; a set's root is its smallest label.
private struct DisjointSets {
  private var parents: [Int32] = [0]

  mutating func add() -> Int32 {
    parents.append(Int32(parents.count))
    return Int32(parents.count - 1)
  }

  private mutating func root(_ label: Int32) -> Int32 {
    var at = label
    while parents[Int(at)] != at {
      parents[Int(at)] = parents[Int(parents[Int(at)])]
      at = parents[Int(at)]
    }
    return at
  }

  mutating func join(_ a: Int32, _ b: Int32) {
    let (first, second) = (root(a), root(b))
    parents[Int(max(first, second))] = min(first, second)
  }

  /// For each label the number of its set, sets counted from 1 in the order of their smallest labels.
  mutating func numbers() -> [Int32] {
    var numbers = [Int32](repeating: 0, count: parents.count)
    var next: Int32 = 0
    for label in parents.indices.dropFirst() {
      let top = Int(root(Int32(label)))
      if top == label {
        next += 1
        numbers[label] = next
      } else {
        numbers[label] = numbers[top]
      }
    }
    return numbers
  }
}
