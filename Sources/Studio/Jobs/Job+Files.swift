import ProjectStore

extension Job.Form {
  /// The file in the folder of outputs.
  var file: String {
    switch self {
    case .maskedFilm: "seg_video.mp4"
    case .film: "inpainting_h264.mp4"
    case .maskZip: "mask_zip.zip"
    case .matte: "prores_matte.mov"
    case .lossless: "ffv1.mkv"
    case .pictureZip: "png_zip.zip"
    }
  }

  /// What it is called where it is downloaded.
  func name(of stem: String) -> String {
    switch self {
    case .maskedFilm: stem + "_seg1.mp4"
    case .film: stem + "_inpainting_h264.mp4"
    case .maskZip: stem + "_pred_mask.zip"
    case .matte: stem + "_matte.mov"
    case .lossless: stem + "_inpainting_ffv1.mkv"
    case .pictureZip: stem + "_inpainting_png.zip"
    }
  }
}
