/// Why parity data could not be read or a case not be run.
public struct ParityError: Error, Sendable, CustomStringConvertible {
  public let context: String

  public init(_ context: String) { self.context = context }

  public var description: String { context }
}
