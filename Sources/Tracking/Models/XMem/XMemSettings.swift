/// XMem's memory settings, under the names and with the defaults of its authors' evaluation.
public struct XMemSettings: Sendable, Equatable {
  /// Whether frames that leave the working memory are condensed into a long-term one.
  public var longTermIsEnabled = true
  /// Whether the use of long-term elements is counted, so that the least used make room.
  public var countsLongTermUsage = true
  /// Frames in the working memory at which it is condensed (`max_mid_term_frames`).
  public var mostWorkingFrames = 10
  /// Frames that stay then, the first one included (`min_mid_term_frames`).
  public var leastWorkingFrames = 5
  /// Elements of the long-term memory (`max_long_term_elements`).
  public var mostLongTermElements = 10_000
  /// Elements that a condensation leaves (`num_prototypes`).
  public var prototypes = 128
  /// Memory elements that answer a query; all where nil.
  public var topK: Int? = 30
  /// Every how many frames one is remembered (`mem_every`).
  public var memoryGap = 5
  /// Every how many frames the value encoder renews the sensory memory; with each remembered frame where nil
  /// (`deep_update_every`, -1 there).
  public var deepUpdateGap: Int?

  public init() {}
}
