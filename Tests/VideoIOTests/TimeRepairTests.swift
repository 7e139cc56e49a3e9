import Testing

@testable import VideoIO

/// Times that do not serve are mended between those that do.
struct TimeRepairTests {
  @Test func missingTimesLieEvenlyBetweenTheirNeighbours() {
    #expect(TimeRepair.repaired([0, 40, nil, nil, 160, 200]) == [0, 40, 80, 120, 160, 200])
    #expect(TimeRepair.repaired([nil, 140, nil, 220, nil]) == [100, 140, 180, 220, 260])
  }

  @Test func doubledTimesMoveAndTheRestStays() {
    let mended = TimeRepair.repaired([100, 140, 140, 190, 260])
    #expect(mended == [100, 120, 140, 190, 260] || mended == [100, 140, 165, 190, 260])
  }

  @Test func oneTimeFarOffDoesNotTakeTheOthersAlong() {
    #expect(TimeRepair.repaired([0, 40, 900_000, 120, 160]) == [0, 40, 80, 120, 160])
    #expect(TimeRepair.repaired([0, 40, -900_000, 120, 160]) == [0, 40, 80, 120, 160])
  }

  @Test func nothingIsMadeOfNothing() {
    #expect(TimeRepair.repaired([]) == nil)
    #expect(TimeRepair.repaired([nil, 40, nil]) == nil)
    #expect(TimeRepair.repaired([400, 300, 200, 100]) == nil)
  }

  @Test func timesOfAnySizeAreTaken() {
    let far = Int64(1) << 60 - 1
    for times in [[-far, nil, far, nil], [0, nil, nil, far], [-far, -far + 5, nil, nil]] as [[Int64?]] {
      guard let mended = TimeRepair.repaired(times) else { continue }
      #expect(zip(mended, mended.dropFirst()).allSatisfy { $0 < $1 }, "\(mended)")
    }
  }

  @Test func timesAlwaysRise() {
    let times: [Int64?] = [5, 5, 5, 6, nil, 7, 7, nil, nil, 30, 2]
    guard let mended = TimeRepair.repaired(times) else { return }
    #expect(zip(mended, mended.dropFirst()).allSatisfy { $0 < $1 }, "\(mended)")
  }
}
