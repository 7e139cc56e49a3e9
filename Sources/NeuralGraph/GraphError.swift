/// Why a network could not be built from its weights: everything that is wrong, not the first thing only.
public struct GraphError: Error, Sendable, CustomStringConvertible {
  /// One sentence each, with the checkpoint's key or the nearest one.
  public let problems: [String]
  /// The network or graph.
  public let name: String

  public init(name: String, problems: [String]) {
    self.name = name
    self.problems = problems
  }

  public var description: String {
    let shown = problems.prefix(40).map { "\n  " + $0 }.joined()
    let rest = problems.count > 40 ? "\n  and \(problems.count - 40) more" : ""
    return "\(name) does not fit its weights:\(shown)\(rest)"
  }
}
