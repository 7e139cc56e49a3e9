/// What may be chosen about tracking. Names follow the reference systems where the meaning is theirs.
public struct TrackingOptions: Sendable, Equatable {
  /// Every how many frames one enters the long-term memory (DeAOT's `long_term_mem_gap`, XMem's `mem_every`); at
  /// least 1.
  public var longTermMemoryGap: Int
  /// How many frames the long-term memory holds before the least useful makes room (DeAOT's `max_len_long_term`).
  /// The first frame and corrections are not counted: they are kept for good. 0 remembers only those.
  public var longTermMemoryLength: Int
  /// The pixels of the grid that objects are followed on: larger frames are reduced by a whole factor to about this
  /// many, and the outline is then refined at full size.
  public var workingArea: Int

  /// Another number draws other made-up scenes and batches to learn from: how far a result hangs on chance.
  public var draws: UInt64

  public init(
    longTermMemoryGap: Int = 5, longTermMemoryLength: Int = 60, workingArea: Int = 427 * 240, draws: UInt64 = 0
  ) {
    self.longTermMemoryGap = max(1, longTermMemoryGap)
    self.longTermMemoryLength = max(0, longTermMemoryLength)
    self.workingArea = max(1024, workingArea)
    self.draws = draws
  }
}
