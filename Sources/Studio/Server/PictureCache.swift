/// Encoded pictures that were asked for last; the same picture is made once however many ask for it at the same time.
actor PictureCache {
  private var kept: [String: [UInt8]] = [:]
  /// Least recently used first.
  private var order: [String] = []
  private var underWay: [String: Task<[UInt8], any Error>] = [:]
  private var bytes = 0
  private let capacity: Int

  init(capacity: Int) { self.capacity = capacity }

  func picture(_ key: String, make: @Sendable @escaping () async throws -> [UInt8]) async throws -> [UInt8] {
    if let known = kept[key] {
      touch(key)
      return known
    }
    if let task = underWay[key] { return try await task.value }
    let task = Task { try await make() }
    underWay[key] = task
    defer { underWay[key] = nil }
    let picture = try await task.value
    keep(key, picture)
    return picture
  }

  private func keep(_ key: String, _ picture: [UInt8]) {
    guard kept[key] == nil, picture.count < capacity / 8 else { return }
    kept[key] = picture
    bytes += picture.count
    order.append(key)
    while bytes > capacity, !order.isEmpty { bytes -= kept.removeValue(forKey: order.removeFirst())?.count ?? 0 }
  }

  /// Scans only the end of the order, where what was just used is.
  private func touch(_ key: String) {
    guard let place = order.lastIndex(of: key), place < order.count - 1 else { return }
    order.remove(at: place)
    order.append(key)
  }
}
