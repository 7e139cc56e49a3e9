import ObjectRemoval
import VideoIO

extension ForecastRow {
  /// What a removal takes at the sizes that a person may choose: by the masks that were tracked, or all from the marks on.
  static func rows(
    for info: MediaInfo, engines: EngineChoice, memory: Int, masks: String, range: ClosedRange<Int>
  ) -> [ForecastRow] {
    let hole = HoleExtent(masks: masks, range: range)
    return [1, 0.75, 0.5, 0.35, 0.25].map { resize in
      var settings = RemovalSettings()
      settings.memory = memory
      settings.resize = resize
      settings.range = range
      engines.apply(to: &settings)
      let forecast = RemovalForecast(info: info, settings: settings, hole: hole, includesTracking: hole == nil)
      return ForecastRow(
        resize: resize, width: max(1, Int((Double(info.displayedWidth) * resize).rounded())),
        height: max(1, Int((Double(info.displayedHeight) * resize).rounded())), memoryBytes: forecast.memoryBytes,
        seconds: forecast.seconds, fits: forecast.fits)
    }
  }
}
