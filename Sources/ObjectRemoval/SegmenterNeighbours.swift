import VideoIO

extension MediaInfo {
  /// Two frames by which a segmenter may tell what moves: near enough to look alike, far enough for slow things to move,
  /// on either side where the clip has one, since what an object hides in one it bares in the other.
  public func segmenterNeighbours(of frame: Int) -> [Int] {
    Array([-2, 2, -4, 4].map { frame + $0 }.filter { 0..<frameCount ~= $0 }.prefix(2))
  }
}
