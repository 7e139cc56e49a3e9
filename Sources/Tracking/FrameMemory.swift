/// Samples of past frames, of which the oldest make room.
struct FrameMemory: Sendable {
  private let length: Int
  private var frames: [SampleBank] = []
  private(set) var samples = SampleBank()

  init(length: Int) { self.length = length }

  mutating func add(_ bank: SampleBank) {
    guard length > 0 else { return }
    frames.append(bank)
    if frames.count > length {
      // Every other one of the older half: the memory thins with age and still reaches back to the start.
      frames.remove(at: (frames.count / 4) | 1)
      samples = SampleBank()
      for frame in frames { samples.append(frame) }
    } else {
      samples.append(bank)
    }
  }
}
