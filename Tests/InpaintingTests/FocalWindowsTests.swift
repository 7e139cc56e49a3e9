import Testing

@testable import Inpainting

struct FocalWindowsTests {
  private let windows = FocalWindows(rows: 20, columns: 36)

  @Test func everyTokenAsksOnce() {
    let batches = windows.batches(kept: [])
    #expect(batches.joined().sorted() == Array(0..<16))
    #expect(batches.joined().flatMap(windows.queries).sorted() == Array(0..<720))
  }

  /// The first rolled window starts two rows down and four columns to the right of the window's own corner.
  @Test func rolledWindowsWrapAround() {
    let own = windows.queries(0).count
    #expect(windows.keys(0, kept: [0])[own] == 2 * 36 + 4)
    #expect(windows.keys(0, kept: [45])[own] == 2 * 36 + 32)
    #expect(windows.keys(0, kept: [135])[own] == 18 * 36 + 32)
    #expect(windows.keys(15, kept: [44])[own] == 1 * 36 + 3)
  }

  /// Five rows and nine columns of windows, as far as there are any.
  @Test func pooledTokensOutsideAreLeftOut() {
    #expect(windows.keys(0, kept: []).count == 45 + 3 * 4)
    #expect(windows.keys(5, kept: []).count == 45 + 4 * 4)
    #expect(windows.keys(0, kept: []).suffix(12).min() == 720)
    #expect(FocalWindows(rows: 60, columns: 108).keys(66, kept: []).count == 45 + 5 * 9)
  }

  @Test func foldedTapsAddUpWhereWindowsOverlap() {
    let grid = TokenGrid(rows: 2, columns: 2)
    let map = grid.folded([Float](repeating: 1, count: 49))
    // Windows begin three above the first row and are seven long: the first row lies in both.
    #expect(grid.height == 6 && map.count == 36)
    #expect(map[0] == 4 && map[5] == 2 && map[35] == 1)
  }
}
