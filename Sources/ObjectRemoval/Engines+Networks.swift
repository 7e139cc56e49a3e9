import ModelLibrary
import Tracking
import VideoIO

extension Engines {
  static func source(_ settings: RemovalSettings) -> LoadedNetworks.Source {
    .init(
      weights: settings.weights, runtime: settings.onnxruntime, threads: settings.threads, provider: settings.provider)
  }

  static func siamMask(_ settings: RemovalSettings) throws -> SiamMaskNetwork {
    try LoadedNetworks.network(engine: "siammask", source(settings)) {
      try SiamMaskNetwork(weights: $0, runtime: $1, options: $2)
    }
  }

  /// Whether an engine's name is a user's own model.
  static func isFile(_ name: String) -> Bool { name.lowercased().hasSuffix(".onnx") }

  static func isNetwork(_ name: String) -> Bool { isFile(name) || network(name) != nil }

  /// The engine whose weights an engine's name asks for; nil for those without.
  private static func network(_ name: String) -> String? {
    let own = ["siammask-refined": "siammask", "vinet-256": "vinet"][name] ?? name
    return ModelKind.all.contains { $0.engine == own } ? own : nil
  }

  /// What the results of an engine depend on beside its settings: its name, and what its weights hold. Reads all of them.
  static func identity(of name: String, _ settings: RemovalSettings) throws -> String {
    let file: String
    if isFile(name) {
      file = name
    } else if let network = network(name) {
      file = try ModelRegistry().weights(engine: network, files: settings.weights).path
    } else {
      return name
    }
    let provider = try LoadedNetworks.outcome(source(settings)).provider
    return "\(name) \(try ContentHash.of(file))" + (provider.map { " by \($0)" } ?? "")
  }

  /// All engines of a job: names, and files of the user's own.
  static func names(_ settings: RemovalSettings) -> [String] {
    [settings.segmenter, settings.tracker, settings.inpainter] + [settings.upscaler].compactMap(\.self)
  }

  /// What must be said of the networks that a job uses: licences that forbid something, and that another device than the
  /// one asked for computes them.
  static func notes(_ settings: RemovalSettings) throws -> [String] {
    try licenceNotes(settings) + [deviceNote(settings)].compactMap { $0 }
  }

  /// nil where no network is used, or where they are computed as asked.
  public static func deviceNote(_ settings: RemovalSettings) throws -> String? {
    guard names(settings).contains(where: isNetwork) else { return nil }
    return try LoadedNetworks.outcome(source(settings)).note
  }

  private static func licenceNotes(_ settings: RemovalSettings) throws -> [String] {
    try [settings.segmenter, settings.tracker, settings.inpainter].compactMap(network).compactMap { network in
      let kind = try ModelRegistry().weights(engine: network, files: settings.weights).kind
      let isFree = kind.licence != nil && !kind.isNonCommercial
      return isFree ? nil : "\(kind.title): \(kind.licenceSentence)"
    }
  }

  // MARK: Stages

  /// Whether tracking asks the segmenter too.
  static func tracksWithSegmenter(_ settings: RemovalSettings) -> Bool {
    settings.proposalGap != nil || settings.tracker == "siammask-refined"
  }

  /// Lets go of what only the selection needed: its networks, and their memory.
  static func releaseSelection(_ settings: RemovalSettings) {
    if !tracksWithSegmenter(settings) { release([settings.segmenter]) }
  }

  static func releaseTracking(_ settings: RemovalSettings) { release([settings.segmenter, settings.tracker]) }
  static func releaseFilling(_ settings: RemovalSettings) {
    release([settings.inpainter] + [settings.upscaler].compactMap(\.self))
  }

  static func releaseAll(_ settings: RemovalSettings) { release(names(settings)) }

  private static func release(_ names: [String]) {
    let networks = names.compactMap { isFile($0) ? $0 : network($0) }
    guard !networks.isEmpty else { return }
    LoadedNetworks.release(Set(networks))
    ProcessResources.trimHeap()
  }
}
