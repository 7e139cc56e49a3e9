import ObjectRemoval
import VideoIO

extension ForecastRow {
  /// What a removal takes at the sizes that a person may choose.
  static func rows(for info: MediaInfo, memory: Int) -> [ForecastRow] {
    [1, 0.75, 0.5, 0.35, 0.25].map { resize in
      var settings = RemovalSettings()
      settings.memory = memory
      settings.resize = resize
      let forecast = RemovalForecast(info: info, settings: settings)
      return ForecastRow(
        resize: resize, width: max(1, Int((Double(info.displayedWidth) * resize).rounded())),
        height: max(1, Int((Double(info.displayedHeight) * resize).rounded())), memoryBytes: forecast.memoryBytes,
        seconds: forecast.seconds, fits: forecast.fits)
    }
  }
}
