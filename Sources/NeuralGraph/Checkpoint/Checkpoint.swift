/// The tensors of a `.pth` (zip or legacy) or `.safetensors` file, mapped, by their path from the root.
///
/// Reading executes nothing: a pickle that asks for anything but tensors' own few calls is refused by name. Safe from any
/// thread.
public struct Checkpoint: Sendable {
  /// A tensor and where it stands: keys of dictionaries and indices of lists.
  public struct Entry: Sendable {
    public let path: [String]
    public let tensor: StoredTensor
  }

  public let file: String
  /// In the file's order.
  public let entries: [Entry]

  /// - Throws: `CheckpointError`.
  public init(_ path: String) throws(CheckpointError) {
    let file = try MappedFile(path)
    self.file = path
    if let entries = try ZipCheckpoint.read(file) {
      self.entries = entries
    } else if LegacyCheckpoint.recognises(file) {
      entries = try LegacyCheckpoint.read(file)
    } else if SafetensorsFile.recognises(file) {
      entries = try SafetensorsFile.read(file)
    } else {
      throw CheckpointError(
        .notACheckpoint, file: path,
        "is neither a PyTorch nor a safetensors file; was the download a page or a pointer?")
    }
  }

  /// Tensors by key, as networks name them: below `wrapper` (found where not given: `state_dict`, `model`, `net`), and
  /// without a `module.` prefix.
  public func stateDictionary(wrapper: String? = nil) -> [String: StoredTensor] {
    let wrappers = wrapper.map { [$0] } ?? ["state_dict", "model", "net", "network", "params"]
    let inner = wrappers.first { name in entries.contains { $0.path.count > 1 && $0.path[0] == name } }
    var tensors: [String: StoredTensor] = [:]
    for entry in entries where entry.path.count == (inner == nil ? 1 : 2) && (inner == nil || entry.path[0] == inner) {
      tensors[entry.path.last ?? ""] = entry.tensor
    }
    let prefix = "module."
    guard !tensors.isEmpty, tensors.keys.allSatisfy({ $0.hasPrefix(prefix) }) else { return tensors }
    return Dictionary(uniqueKeysWithValues: tensors.map { (String($0.key.dropFirst(prefix.count)), $0.value) })
  }
}
