import Foundation

/// The images of a folder in natural name order: `2.png` before `10.png`.
struct ImageListing {
  static let extensions: Set<String> = ["jpg", "jpeg", "png", "bmp", "tif", "tiff", "webp"]

  /// File names within the folder.
  let names: [String]
  /// Names of files that are no images; hidden ones are not counted.
  let ignored: [String]

  /// - Throws: `.cannotOpen`, `.noVideo` where there are no images, `.mismatch` where the numbering has gaps.
  init(_ folder: String) throws(VideoIOError) {
    let entries: [String]
    do {
      entries = try FileManager.default.contentsOfDirectory(atPath: folder)
    } catch {
      throw VideoIOError(.cannotOpen, file: folder, "the folder cannot be read", underlying: "\(error)")
    }
    try self.init(entries, of: folder)
  }

  /// - Parameter entries: the names of all files.
  /// - Throws: `.noVideo` where there are no images, `.mismatch` where the numbering has gaps.
  init(_ entries: [String], of folder: String) throws(VideoIOError) {
    let visible = entries.filter { !$0.hasPrefix(".") }.sorted(by: Self.isBefore)
    names = visible.filter(Self.isImage)
    let images = Set(names)
    ignored = visible.filter { !images.contains($0) }
    if names.isEmpty {
      throw VideoIOError(.noVideo, file: folder, "no images (jpg, png, bmp, tiff, webp) in this folder")
    }
    try checkNumbering(folder)
  }

  /// Whether a name is that of an image, by its extension.
  static func isImage(_ name: String) -> Bool { extensions.contains((name as NSString).pathExtension.lowercased()) }

  /// Numbers in names compare by value, all else by bytes.
  static func isBefore(_ a: String, _ b: String) -> Bool {
    let (left, right) = (Array(a.utf8), Array(b.utf8))
    var (i, j) = (0, 0)
    while i < left.count, j < right.count {
      guard isDigit(left[i]), isDigit(right[j]) else {
        if left[i] != right[j] { return left[i] < right[j] }
        (i, j) = (i + 1, j + 1)
        continue
      }
      let (first, second) = (digits(left, &i), digits(right, &j))
      if first.count != second.count { return first.count < second.count }
      if first != second { return first.lexicographicallyPrecedes(second) }
    }
    if left.count - i != right.count - j { return left.count - i < right.count - j }
    return left.lexicographicallyPrecedes(right)
  }

  /// The run of digits at `place`, without leading zeros.
  private static func digits(_ bytes: [UInt8], _ place: inout Int) -> ArraySlice<UInt8> {
    let start = place
    while place < bytes.count, isDigit(bytes[place]) { place += 1 }
    return bytes[start..<place].drop { $0 == UInt8(ascii: "0") }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  /// Where all names are one prefix, a number and one suffix, the numbers must follow one another.
  private func checkNumbering(_ folder: String) throws(VideoIOError) {
    let parts = names.map(NumberedName.init)
    guard let first = parts.first ?? nil else { return }
    let numbers = parts.compactMap { $0?.prefix == first.prefix ? $0?.number : nil }
    guard numbers.count == names.count else { return }
    for i in 1..<max(1, names.count) where numbers[i] != numbers[i - 1] + 1 {
      let reason =
        numbers[i] == numbers[i - 1]
        ? "\(names[i - 1]) has the same number" : "number \(numbers[i - 1] + 1) is missing after \(names[i - 1])"
      throw VideoIOError(.mismatch, file: folder + "/" + names[i], "gap in the numbering: \(reason)")
    }
  }
}

/// A name taken apart at its last number: `shot2_0041.png` is `shot2_`, 41.
struct NumberedName {
  let prefix: String
  let number: Int

  init?(_ name: String) {
    let stem = (name as NSString).deletingPathExtension
    let digits = stem.reversed().prefix { $0.isASCII && $0.isNumber }
    guard !digits.isEmpty, digits.count < 18, let number = Int(String(digits.reversed())) else { return nil }
    prefix = String(stem.dropLast(digits.count))
    self.number = number
  }
}
