/// Opaque names: 22 letters and digits, 131 bits of the system's randomness.
enum Identifier {
  private static let characters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")

  static func make() -> String { String((0..<22).map { _ in characters[Int.random(in: 0..<characters.count)] }) }

  static func isValid(_ text: some StringProtocol) -> Bool {
    text.utf8.count == 22
      && text.utf8.allSatisfy { 48...57 ~= $0 || 65...90 ~= $0 || 97...122 ~= $0 }
  }
}

/// Names that people gave, made fit for headers, archives and file systems.
enum CleanName {
  /// The last component without control characters and what paths, headers and shells give a meaning to; never empty.
  static func of(_ name: String, otherwise fallback: String = "video") -> String {
    let last = name.split(whereSeparator: { $0 == "/" || $0 == "\\" || $0 == "\0" }).last.map(String.init) ?? ""
    let kept = last.unicodeScalars.filter { scalar in
      !scalar.properties.isDefaultIgnorableCodePoint && scalar.properties.generalCategory != .control
        && scalar.properties.generalCategory != .lineSeparator
        && scalar.properties.generalCategory != .paragraphSeparator && !"\"'<>|:*?;%`$&".unicodeScalars.contains(scalar)
    }
    var text = String(String.UnicodeScalarView(kept))
    while text.hasPrefix(".") || text.hasPrefix(" ") || text.hasPrefix("-") { text.removeFirst() }
    while text.hasSuffix(" ") || text.hasSuffix(".") { text.removeLast() }
    while text.utf8.count > 120 { text.removeLast() }
    return text.isEmpty ? fallback : text
  }

  /// Without its extension.
  static func stem(_ name: String) -> String {
    let clean = of(name)
    guard let dot = clean.lastIndex(of: "."), dot != clean.startIndex else { return clean }
    return String(clean[..<dot])
  }

  /// `attachment; filename="…"; filename*=UTF-8''…` (RFC 6266).
  static func attachment(_ name: String) -> String {
    let clean = of(name)
    let ascii = String(clean.map { $0.isASCII ? $0 : "_" })
    let encoded = clean.utf8.map { byte -> String in
      let isPlain = 48...57 ~= byte || 65...90 ~= byte || 97...122 ~= byte || byte == 45 || byte == 46 || byte == 95
      if isPlain { return String(UnicodeScalar(byte)) }
      let digits = String(byte, radix: 16, uppercase: true)
      return "%" + (digits.count == 1 ? "0" + digits : digits)
    }.joined()
    return "attachment; filename=\"\(ascii)\"; filename*=UTF-8''\(encoded)"
  }
}
