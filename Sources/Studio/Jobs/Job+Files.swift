import ProjectStore
import VideoIO

extension Job.Form {
  /// The file in the folder of outputs.
  /// - Parameter codec: of the clean film.
  func file(_ codec: EncodeSettings.Codec) -> String {
    switch self {
    case .maskedFilm: "seg_video.mp4"
    case .film: "inpainting_" + codec.suffix
    case .maskZip: "mask_zip.zip"
    case .matte: "prores_matte.mov"
    case .lossless: "ffv1.mkv"
    case .pictureZip: "png_zip.zip"
    }
  }

  /// What it is called where it is downloaded.
  func name(of stem: String, file: String) -> String {
    switch self {
    case .maskedFilm: stem + "_seg1.mp4"
    case .film: stem + "_" + file
    case .maskZip: stem + "_pred_mask.zip"
    case .matte: stem + "_matte.mov"
    case .lossless: stem + "_inpainting_ffv1.mkv"
    case .pictureZip: stem + "_inpainting_png.zip"
    }
  }
}

extension EncodeSettings.Codec {
  /// Its name, and the extension of a file that holds it.
  fileprivate var suffix: String {
    switch self {
    case .h264: "h264.mp4"
    case .h265: "h265.mp4"
    case .vp9: "vp9.webm"
    case .ffv1: "ffv1.mkv"
    case .prores4444: "prores.mov"
    case .png: "png.mov"
    }
  }
}
