/// A place in a checkpoint's tree of names: `scope["layer1"][0]["conv1"]` is `layer1.0.conv1`, so that the path through the
/// code is the key's path in the file.
public struct WeightScope: Sendable, Equatable {
  public let path: String

  public init(_ path: String = "") { self.path = path }

  public subscript(name: String) -> WeightScope { WeightScope(path.isEmpty ? name : path + "." + name) }
  public subscript(index: Int) -> WeightScope { self[String(index)] }
}
