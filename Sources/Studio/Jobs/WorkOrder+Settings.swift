import ObjectRemoval
import VideoIO

extension WorkOrder {
  var frames: ClosedRange<Int> { range[0]...range[1] }

  /// What the clean film is encoded with; previews and other films are for the page, and stay H.264.
  var filmCodec: EncodeSettings.Codec {
    settings.codec == "prores" ? .prores4444 : settings.codec.flatMap { EncodeSettings.Codec(rawValue: $0) } ?? .h264
  }

  /// The settings as the pipeline takes them.
  var removalSettings: RemovalSettings {
    var removal = RemovalSettings(threads: threads)
    engines.apply(to: &removal)
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

extension WorkOrder.Mark {
  /// The mask that the person saw; of a still mark its box, whose letters are looked for on each frame.
  var prompt: ObjectPrompt {
    guard let box, box.count == 4 else { return .mask(path, frame: frame) }
    return .box(box[0], box[1], box[2], box[3], frame: frame, object: object)
  }
}
