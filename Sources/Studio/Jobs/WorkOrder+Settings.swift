import ObjectRemoval

extension WorkOrder {
  var frames: ClosedRange<Int> { range[0]...range[1] }

  /// The settings as the pipeline takes them.
  var removalSettings: RemovalSettings {
    var removal = RemovalSettings(threads: threads)
    removal.memory = memory
    removal.limits = limits
    removal.overwrites = true
    removal.dilation = settings.dilate
    removal.feather = settings.feather
    removal.resize = settings.resize
    removal.marksAreStill = settings.still
    removal.includesShadows = settings.shadow
    removal.encoding.quality = settings.quality
    removal.proposalGap = settings.samGap > 0 ? settings.samGap : nil
    removal.pointsPerSide = settings.pointsPerSide
    removal.maximumObjects = settings.maximumObjects
    removal.memoryGap = settings.memoryGap
    removal.memoryLength = settings.memoryLength
    if settings.planar { removal.tracker = "planar" }
    removal.direction =
      switch direction {
      case .both: .both
      case .forward: .forward
      case .backward: .backward
      }
    return removal
  }
}
