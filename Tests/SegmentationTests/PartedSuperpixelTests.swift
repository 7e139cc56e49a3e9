import Testing

@testable import Segmentation

@Suite struct PartedSuperpixelTests {
  /// Two superpixels side by side, 8 columns each, 8 rows.
  private static let halves = Superpixels(
    width: 16, height: 8, count: 2, labels: (0..<128).map { $0 % 16 < 8 ? 0 : 1 })

  @Test func oneThatLiesOnBothSidesIsParted() {
    let parted = Self.halves.parted(by: (0..<128).map { $0 % 16 < 4 })
    #expect(parted.count == 3)
    #expect(Set(parted.labels) == [0, 1, 2])
    for y in 0..<8 {
      #expect(parted.labels[y * 16] != parted.labels[y * 16 + 4])
      #expect(parted.labels[y * 16 + 8] == 1, "nothing parts the other")
    }
  }

  @Test func whereNothingLiesOnBothSidesNothingChanges() {
    for side in [[Bool](repeating: false, count: 128), (0..<128).map { $0 % 16 < 8 }] {
      let parted = Self.halves.parted(by: side)
      #expect(parted.count == 2)
      #expect(parted.labels == Self.halves.labels)
    }
  }

  @Test func scrapsStayWithTheRest() {
    let parted = Self.halves.parted(by: (0..<128).map { $0 % 16 < 3 && $0 / 16 < 3 })
    #expect(parted.count == 2)
    #expect(parted.labels == Self.halves.labels)
  }

  @Test func piecesApartAreSuperpixelsOfTheirOwn() {
    let parted = Self.halves.parted(by: (0..<128).map { 3..<5 ~= $0 % 16 })
    #expect(parted.count == 4, "the left superpixel in three, the right one whole")
    #expect(parted.labels[0] != parted.labels[5])
  }
}
