import Imaging
import Inpainting
import Segmentation
import Tracking

/// The engines by their names on the command line. A new engine is added here, and nowhere else above its module.
public enum Engines {
  public static let segmenters = ["builtin"]
  public static let trackers = ["builtin", "planar"]
  public static let inpainters = ["builtin"]

  /// - Throws: `RemovalError.unknownEngine`, which lists the names; so do the others.
  public static func segmenter(_ settings: RemovalSettings) throws(RemovalError) -> any Segmenter {
    switch settings.segmenter {
    case "builtin": BuiltinSegmenter(threads: settings.threads)
    default: throw unknown(settings.segmenter, "segmenter", segmenters)
    }
  }

  static func tracker(_ settings: RemovalSettings) throws(RemovalError) -> any Tracker {
    switch settings.tracker {
    case "builtin":
      BuiltinTracker(
        options: TrackingOptions(
          longTermMemoryGap: settings.memoryGap, longTermMemoryLength: settings.memoryLength),
        threads: settings.threads)
    case "planar": PlanarObjectTracker(threads: settings.threads)
    default: throw unknown(settings.tracker, "tracker", trackers)
    }
  }

  static func inpainter(_ settings: RemovalSettings) throws(RemovalError) -> any Inpainter {
    switch settings.inpainter {
    case "builtin": BuiltinInpainter(threads: settings.threads)
    default: throw unknown(settings.inpainter, "inpainter", inpainters)
    }
  }

  private static func unknown(_ name: String, _ role: String, _ known: [String]) -> RemovalError {
    RemovalError(.unknownEngine, "no \(role) is named \(name); there is \(known.joined(separator: ", "))")
  }
}
