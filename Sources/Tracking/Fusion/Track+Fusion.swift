extension Track {
  /// Cells that a network sees of one window at most, of all of a frame's, and of one window at least.
  static let (windowCells, frameCells, leastCells) = (4096, 12000, 1000)

  /// Lets a network that sees the evidence of neighbouring cells beside the picture correct the scores.
  func weighBesideEachOther(_ windows: inout [ObjectWindow], _ seen: Observation, threads: Int) {
    if windows.isEmpty { return }
    let claims = claims(&windows)
    let limit = max(Track.leastCells, min(Track.windowCells, Track.frameCells / windows.count))
    for i in windows.indices {
      let told = EvidencePlane(windows[i], seen, claims: claims, limit: limit)
      let odds = told.spread(FittedModels.fusion.odds(told.cells, threads: threads), windows[i].region)
      for at in odds.indices { windows[i].score[at] += Tuning.fusion * odds[at] }
    }
  }
}
