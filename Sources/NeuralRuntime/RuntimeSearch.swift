import Foundation

/// Where ONNX Runtime's library may lie on this machine, in the order in which it is looked for.
public enum RuntimeSearch {
  /// How to get it, in one sentence.
  public static let advice =
    "install ONNX Runtime with 'pip install onnxruntime' (or onnxruntime-gpu, or 'brew install onnxruntime'), or name its "
    + "library with --onnxruntime"

  #if os(macOS)
    private static let library = "libonnxruntime.dylib"
    private static let prefix = "libonnxruntime."
    private static let suffix = ".dylib"
    private static let systemFolders = ["/opt/homebrew/lib", "/usr/local/lib"]
  #else
    private static let library = "libonnxruntime.so"
    private static let prefix = "libonnxruntime.so"
    private static let suffix = ""
    private static let systemFolders = [
      "/usr/local/lib", "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib",
    ]
  #endif

  /// Paths, or a bare name for the loader's own search. A library that was named, on the command line or by
  /// `CLEANPLATE_ONNXRUNTIME`, is the only one.
  static func candidates(explicit: String?, environment: [String: String]) -> [String] {
    if let named = explicit ?? environment["CLEANPLATE_ONNXRUNTIME"], !named.isEmpty { return within(named) }
    return [library] + systemFolders.flatMap(libraries) + packages(environment).flatMap(libraries)
  }

  /// A file, or a folder that holds the library.
  private static func within(_ path: String) -> [String] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
      return [path]
    }
    let below = ["", "/lib", "/capi", "/onnxruntime/capi"].flatMap { libraries(in: path + $0) }
    return below.isEmpty ? [path + "/" + library] : below
  }

  private static func libraries(in folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasPrefix(prefix) && $0.hasSuffix(suffix) }.sorted().reversed().map { folder + "/" + $0 }
  }

  /// `onnxruntime/capi` in the site-packages folders of virtual environments, the user and the system, newest Python first.
  private static func packages(_ environment: [String: String]) -> [String] {
    let home = environment["HOME"] ?? ""
    let roots =
      [environment["VIRTUAL_ENV"], environment["CONDA_PREFIX"]].compactMap { $0 } + pythonPrefixes(environment)
      + [home + "/.local", "/usr/local", "/usr", "/opt/homebrew"] + below(home + "/.pyenv/versions")
      + below("/Library/Frameworks/Python.framework/Versions")
    return roots.flatMap { root in
      below(root + "/lib").filter { $0.split(separator: "/").last?.hasPrefix("python3") == true }.reversed().flatMap {
        [$0 + "/site-packages/onnxruntime/capi", $0 + "/dist-packages/onnxruntime/capi"]
      }
    }
  }

  /// The folders above the `python3` commands on the path, links followed.
  private static func pythonPrefixes(_ environment: [String: String]) -> [String] {
    (environment["PATH"] ?? "").split(separator: ":").compactMap { folder in
      let command = URL(fileURLWithPath: String(folder) + "/python3")
      guard FileManager.default.isExecutableFile(atPath: command.path) else { return nil }
      return command.resolvingSymlinksInPath().deletingLastPathComponent().deletingLastPathComponent().path
    }
  }

  private static func below(_ folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.sorted { $0.compare($1, options: .numeric) == .orderedAscending }.map { folder + "/" + $0 }
  }
}
