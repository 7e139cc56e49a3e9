import Foundation
import GRDB

/// Projects, their objects, prompts and jobs, and uploads, in one SQLite file. Safe from any task.
///
/// Every call is one transaction. What returned outlives a kill of the process at any moment; a loss of power may take
/// the last transactions, never a part of one (write-ahead log, `synchronous = NORMAL`).
public final class ProjectStore: Sendable {
  let database: any DatabaseWriter

  /// Opens or makes the file and brings its tables up to date.
  /// - Throws: `ProjectStoreError.unreadable` where the file is none of ours or of a later version.
  public init(path: String) throws(ProjectStoreError) {
    do {
      var configuration = Configuration()
      configuration.busyMode = .timeout(5)
      configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = NORMAL") }
      database = try DatabasePool(path: path, configuration: configuration)
      try Migrations.migrator.migrate(database)
      if try database.read({ try Migrations.migrator.hasBeenSuperseded($0) }) {
        throw ProjectStoreError(.unreadable, "\(path) was written by a later version of Cleanplate")
      }
    } catch let error as ProjectStoreError {
      throw error
    } catch {
      throw ProjectStoreError(.unreadable, "the project store \(path) cannot be opened", underlying: error)
    }
  }

  /// A store in memory, for tests.
  public init() throws {
    database = try DatabaseQueue()
    try Migrations.migrator.migrate(database)
  }

  func read<Value: Sendable>(_ body: @Sendable @escaping (Database) throws -> Value) async throws -> Value {
    try await database.read(body)
  }

  func write<Value: Sendable>(_ body: @Sendable @escaping (Database) throws -> Value) async throws -> Value {
    try await database.write(body)
  }
}

/// Why the store could not do what it was asked.
public struct ProjectStoreError: Error, Sendable, CustomStringConvertible {
  public enum Code: String, Sendable {
    case notFound
    case unreadable
  }

  public let code: Code
  public let context: String
  public let underlying: (any Error)?

  public init(_ code: Code, _ context: String, underlying: (any Error)? = nil) {
    self.code = code
    self.context = context
    self.underlying = underlying
  }

  public var description: String { underlying.map { "\(context) (\($0))" } ?? context }
}
