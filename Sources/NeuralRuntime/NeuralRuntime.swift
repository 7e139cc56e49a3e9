import COnnxRuntime
import Foundation

/// ONNX Runtime, opened at run time and never linked. Safe from any thread; stays open as long as anything made with it.
public final class NeuralRuntime: @unchecked Sendable {
  // The runtime's function table and environment may be used from several threads at once.
  let api: OpaquePointer
  let environment: OpaquePointer
  let memory: OpaquePointer

  /// The library's path, or its bare name where the loader found it.
  public let path: String
  public let version: String
  /// Names of the execution providers that this build of the runtime offers, best first.
  public let providers: [String]

  /// The oldest function table that holds everything that is used.
  static let apiVersion: UInt32 = 18

  /// Opens the library named, or the first that is found.
  /// - Parameter explicit: a library or a folder that holds one, as `--onnxruntime` names it.
  /// - Throws: `NeuralError.noRuntime`, with how to get one.
  public convenience init(
    explicit: String? = nil, environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(NeuralError) {
    var failure: NeuralError?
    for candidate in RuntimeSearch.candidates(explicit: explicit, environment: environment) {
      do {
        try self.init(library: candidate)
        return
      } catch {
        // A library that exists but does not serve says more than one that is not there.
        if FileManager.default.fileExists(atPath: candidate) || explicit != nil { failure = failure ?? error }
      }
    }
    throw failure
      ?? NeuralError(.noRuntime, "networks need ONNX Runtime, which is not on this machine; \(RuntimeSearch.advice)")
  }

  private init(library: String) throws(NeuralError) {
    guard let handle = dlopen(library, RTLD_NOW | RTLD_LOCAL) else {
      let why = dlerror().map { String(cString: $0) } ?? "unknown reason"
      throw NeuralError(.noRuntime, "\(library) cannot be opened (\(why)); \(RuntimeSearch.advice)")
    }
    // Never closed: the runtime keeps threads and registries for the life of the process.
    guard let base = dlsym(handle, "OrtGetApiBase") else {
      throw NeuralError(.noRuntime, "\(library) is not ONNX Runtime; \(RuntimeSearch.advice)")
    }
    let version = ort_version(base).map { String(cString: $0) } ?? "unknown"
    guard let api = ort_api(base, Self.apiVersion) else {
      throw NeuralError(
        .noRuntime, "ONNX Runtime \(version) in \(library) is older than 1.\(Self.apiVersion); \(RuntimeSearch.advice)")
    }
    self.api = api
    self.version = version
    path = library
    let errorsOnly: Int32 = 3
    environment = try Self.make(api) { ort_create_env(api, errorsOnly, "cleanplate", $0) }
    memory = try Self.make(api) { ort_cpu_memory(api, $0) }
    providers = try Self.providers(api)
  }

  deinit {
    ort_release_memory(api, memory)
    ort_release_env(api, environment)
  }

  private static func providers(_ api: OpaquePointer) throws(NeuralError) -> [String] {
    var names: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    var count: Int32 = 0
    try check(api, ort_providers(api, &names, &count))
    guard let names else { return [] }
    defer { ort_release_providers(api, names, count) }
    return (0..<Int(count)).compactMap { names[$0].map { String(cString: $0) } }
  }

  // MARK: Calls

  /// Throws what a call's status says.
  static func check(
    _ api: OpaquePointer, _ status: OpaquePointer?, in graph: String = "ONNX Runtime"
  ) throws(NeuralError) {
    guard let status else { return }
    defer { ort_release_status(api, status) }
    let message = ort_message(api, status).map { String(cString: $0) } ?? "no message"
    throw NeuralError(.runtime, "\(graph): \(message)")
  }

  /// What a call writes through its last argument.
  static func make(
    _ api: OpaquePointer, in graph: String = "ONNX Runtime",
    _ call: (UnsafeMutablePointer<OpaquePointer?>) -> OpaquePointer?
  ) throws(NeuralError) -> OpaquePointer {
    var made: OpaquePointer?
    try check(api, call(&made), in: graph)
    guard let made else { throw NeuralError(.runtime, "ONNX Runtime returned nothing") }
    return made
  }
}
