import CFFmpeg
import Imaging

extension ColorDescription {
  /// The tags of a decoded frame.
  init(_ frame: FFmpegFrame) {
    let tags = frame.pointer.pointee
    self.init(
      range: tags.color_range, matrix: tags.colorspace, primaries: tags.color_primaries, transfer: tags.color_trc,
      siting: tags.chroma_location, format: frame.pixelFormat)
  }

  init(
    range: AVColorRange, matrix: AVColorSpace, primaries: AVColorPrimaries, transfer: AVColorTransferCharacteristic,
    siting: AVChromaLocation, format: AVPixelFormat
  ) {
    let isFullByName = PixelFormatDescriptor(format)?.isFullRangeByName ?? false
    self.init(
      range: isFullByName ? .full : Range(range), matrixCode: Int(matrix.rawValue),
      primariesCode: Int(primaries.rawValue), transferCode: Int(transfer.rawValue), siting: ChromaSiting(siting))
  }

  /// Tags a frame that is to be encoded.
  func apply(to frame: FFmpegFrame) {
    frame.pointer.pointee.color_range = ffmpegRange
    frame.pointer.pointee.colorspace = AVColorSpace(rawValue: .init(matrixCode))
    frame.pointer.pointee.color_primaries = AVColorPrimaries(rawValue: .init(primariesCode))
    frame.pointer.pointee.color_trc = AVColorTransferCharacteristic(rawValue: .init(transferCode))
    frame.pointer.pointee.chroma_location = ffmpegSiting
  }

  /// Tags an encoder.
  func apply(to context: FFmpegCodecContext) {
    context.pointer.pointee.color_range = ffmpegRange
    context.pointer.pointee.colorspace = AVColorSpace(rawValue: .init(matrixCode))
    context.pointer.pointee.color_primaries = AVColorPrimaries(rawValue: .init(primariesCode))
    context.pointer.pointee.color_trc = AVColorTransferCharacteristic(rawValue: .init(transferCode))
    context.pointer.pointee.chroma_sample_location = ffmpegSiting
  }

  var ffmpegRange: AVColorRange {
    switch range {
    case .limited: AVCOL_RANGE_MPEG
    case .full: AVCOL_RANGE_JPEG
    case nil: AVCOL_RANGE_UNSPECIFIED
    }
  }

  var ffmpegSiting: AVChromaLocation {
    switch siting {
    case .left: AVCHROMA_LOC_LEFT
    case .center: AVCHROMA_LOC_CENTER
    case .topLeft: AVCHROMA_LOC_TOPLEFT
    case nil: AVCHROMA_LOC_UNSPECIFIED
    }
  }
}

extension ColorDescription.Range {
  fileprivate init?(_ range: AVColorRange) {
    switch range {
    case AVCOL_RANGE_MPEG: self = .limited
    case AVCOL_RANGE_JPEG: self = .full
    default: return nil
    }
  }
}

extension ColorDescription.ChromaSiting {
  fileprivate init?(_ location: AVChromaLocation) {
    switch location {
    case AVCHROMA_LOC_LEFT: self = .left
    case AVCHROMA_LOC_CENTER: self = .center
    case AVCHROMA_LOC_TOPLEFT: self = .topLeft
    default: return nil
    }
  }
}
