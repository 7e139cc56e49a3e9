extension Superpixels {
  /// A part of a superpixel smaller than this stays with the rest.
  private static let leastPart = 16

  /// Parts each superpixel that lies on both sides into the 4-connected pieces of either.
  /// - Parameter side: of each pixel, row-major.
  func parted(by side: [Bool]) -> Superpixels {
    var pieces = labels.map { _ in Int32(-1) }
    var sizes: [Int] = []
    var owners: [Int32] = []
    for start in labels.indices where pieces[start] < 0 {
      sizes.append(fill(&pieces, from: start, with: Int32(sizes.count), side))
      owners.append(labels[start])
    }
    var largest = [Int](repeating: -1, count: count)
    for (piece, owner) in owners.enumerated() where largest[Int(owner)] < 0 || sizes[piece] > sizes[largest[Int(owner)]] {
      largest[Int(owner)] = piece
    }
    var next = Int32(count)
    let names = owners.indices.map { piece -> Int32 in
      let owner = owners[piece]
      guard piece != largest[Int(owner)], sizes[piece] >= Superpixels.leastPart else { return owner }
      defer { next += 1 }
      return next
    }
    return Superpixels(width: width, height: height, count: Int(next), labels: pieces.map { names[Int($0)] })
  }

  /// The size of the piece around `start`.
  private func fill(_ pieces: inout [Int32], from start: Int, with piece: Int32, _ side: [Bool]) -> Int {
    var front = [start]
    var size = 0
    pieces[start] = piece
    while let p = front.popLast() {
      size += 1
      let x = p % width
      for (q, exists) in [(p - 1, x > 0), (p + 1, x + 1 < width), (p - width, p >= width), (p + width, p + width < labels.count)]
      where exists && pieces[q] < 0 && labels[q] == labels[p] && side[q] == side[p] {
        pieces[q] = piece
        front.append(q)
      }
    }
    return size
  }
}
