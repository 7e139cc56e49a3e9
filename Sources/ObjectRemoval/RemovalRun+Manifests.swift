/// What the results of each stage depend on: kept results of another manifest are not taken over.
extension RemovalRun {
  struct ScanManifest: Codable {
    var version = 1
    var input: InputIdentity
    var range: [Int]

    init(_ identity: InputIdentity, _ range: ClosedRange<Int>) {
      input = identity
      self.range = [range.lowerBound, range.upperBound]
    }
  }

  /// What the masks depend on beside the anchors, which the passes know.
  struct TrackManifest: Codable {
    var version = 2
    var scan: ScanManifest
    var tracker: String
    var memory: [Int]
  }

  struct SelectManifest: Codable {
    var version = 1
    var input: InputIdentity
    var prompts: PromptFile
    var maskFiles: [String]
    var segmenter: String
    var rescalesMasks: Bool
    var marksAreStill: Bool
    var maximumObjects: Int
  }

  struct StillManifest: Codable {
    var version = 1
    var scan: ScanManifest
    var prompts: PromptFile
    var maskFiles: [String]
    var segmenter: String
    var rescalesMasks: Bool
  }

  struct ShadowManifest: Codable {
    var version = 1
    var scan: ScanManifest
    var prompts: PromptFile
    var maskFiles: [String]
    var engines: [String]
    var rescalesMasks: Bool
    var track: [String]
  }

  struct FillManifest: Codable {
    var version = 1
    var scan: ScanManifest
    var prompts: PromptFile
    var maskFiles: [String]
    var shape: HoleShape
    var scale: Double
    var memory: Int
    var engines: [String]
    var rescalesMasks: Bool
    var marksAreStill: Bool
    /// Not said where all are taken.
    var objects: [Int]?
    var includesShadows: Bool
    var track: [String]
    var marksAreTranslucent: Bool
  }
}
