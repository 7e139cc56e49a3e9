import Foundation

/// What the data folder holds against its budget. Walking it is slow, so the sum is kept for a moment.
actor DiskLedger {
  private let data: DataFolder
  let budget: Int
  private var sum = 0
  private var summed: ContinuousClock.Instant?

  init(data: DataFolder, budget: Int) {
    self.data = data
    self.budget = budget
  }

  func used() -> Int {
    if let summed, ContinuousClock.now - summed < .seconds(10) { return sum }
    sum = DataFolder.bytes(in: data.path)
    summed = .now
    return sum
  }

  func changed() { summed = nil }

  /// Bytes that may still be written.
  func left() -> Int { max(0, min(budget - used(), data.free - Self.reserve)) }

  /// Left on the disk for everything else.
  private static let reserve = 256 << 20

  /// - Throws: `StudioError` 507 that says what there is.
  func require(_ bytes: Int) throws(StudioError) {
    let left = left()
    guard bytes <= left else {
      throw StudioError(
        .insufficientStorage, "disk_full",
        "that takes \(Self.text(bytes)) and \(Self.text(left)) are left of the budget of \(Self.text(budget)); "
          + "delete projects or start the server with a larger --disk")
    }
  }

  static func text(_ bytes: Int) -> String {
    let units = ["bytes", "KB", "MB", "GB", "TB"]
    var value = Double(bytes)
    var unit = 0
    while value >= 1000, unit < units.count - 1 {
      value /= 1000
      unit += 1
    }
    return unit == 0 ? "\(bytes) bytes" : String(format: "%.1f ", value) + units[unit]
  }
}
