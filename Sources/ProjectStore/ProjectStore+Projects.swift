import Foundation
import GRDB

/// A project with all that belongs to it, read at one moment.
public struct ProjectState: Sendable {
  public var project: Project
  public var objects: [MarkedObject]
  public var prompts: [Prompt]
  /// In the order in which they were asked for.
  public var jobs: [Job]
}

extension ProjectStore {
  /// All projects, the one worked on last first.
  public func states() async throws -> [ProjectState] {
    try await read { database in
      try Project.order(Column("updated").desc, Column("id")).fetchAll(database).map { try Self.state($0, database) }
    }
  }

  /// - Throws: `ProjectStoreError.notFound`.
  public func state(_ id: String) async throws -> ProjectState {
    try await read { try Self.state(Self.project(id, $0), $0) }
  }

  public func project(_ id: String) async throws -> Project { try await read { try Self.project(id, $0) } }

  public func projectCount() async throws -> Int { try await read { try Project.fetchCount($0) } }

  public func insert(_ project: Project) async throws { try await write { try project.insert($0) } }

  /// Changes a project in one transaction.
  /// - Returns: the project as it stands then.
  @discardableResult
  public func update(
    _ id: String, now: Date, _ change: @Sendable @escaping (inout Project) throws -> Void
  ) async throws -> Project {
    try await write { database in
      var project = try Self.project(id, database)
      try change(&project)
      project.updated = now
      try project.update(database)
      return project
    }
  }

  public func deleteProject(_ id: String) async throws {
    try await write { database in
      guard try Project.deleteOne(database, key: id) else { throw Self.missing("project") }
    }
  }

  /// Copies objects and prompts from one project to another.
  public func copyMarks(from source: String, to target: String) async throws {
    try await write { database in
      let state = try Self.state(Self.project(source, database), database)
      try Self.replace(state.objects, of: target, database)
      try Self.replace(state.prompts, of: target, database)
    }
  }

  static func project(_ id: String, _ database: Database) throws -> Project {
    guard let project = try Project.fetchOne(database, key: id) else { throw missing("project") }
    return project
  }

  static func missing(_ what: String) -> ProjectStoreError {
    ProjectStoreError(.notFound, "there is no such \(what)")
  }

  private static func state(_ project: Project, _ database: Database) throws -> ProjectState {
    ProjectState(
      project: project,
      objects: try bodies("SELECT body FROM object WHERE projectId = ? ORDER BY position", project.id, database),
      prompts: try bodies("SELECT body FROM prompt WHERE projectId = ? ORDER BY frame, object", project.id, database),
      jobs: try Job.filter(Column("project") == project.id).order(Column("created"), Column("id")).fetchAll(database))
  }

  private static func bodies<Value: Decodable>(_ sql: String, _ id: String, _ database: Database) throws -> [Value] {
    try String.fetchAll(database, sql: sql, arguments: [id]).map { text in
      try JSONDecoder().decode(Value.self, from: Data(text.utf8))
    }
  }
}

extension ProjectStore {
  /// Replaces the objects of a project; prompts of objects that are gone go with them.
  public func replaceObjects(_ objects: [MarkedObject], of project: String) async throws {
    try await write { database in
      try Self.replace(objects, of: project, database)
      let kept = Set(objects.map(\.id))
      let prompted = try Int.fetchAll(
        database, sql: "SELECT DISTINCT object FROM prompt WHERE projectId = ?", arguments: [project])
      for object in prompted where !kept.contains(object) {
        try database.execute(
          sql: "DELETE FROM prompt WHERE projectId = ? AND object = ?", arguments: [project, object])
      }
    }
  }

  public func replacePrompts(_ prompts: [Prompt], of project: String) async throws {
    try await write { try Self.replace(prompts, of: project, $0) }
  }

  /// Stores the prompt of a frame and object; an empty one is removed.
  /// - Parameters:
  ///   - object: added where the project has none of the prompt's label.
  ///   - change: made to the project in the same transaction.
  public func set(
    _ prompt: Prompt, of id: String, adding object: MarkedObject? = nil, now: Date = Date(),
    _ change: @Sendable @escaping (inout Project) -> Void = { _ in }
  ) async throws {
    try await write { database in
      var project = try Self.project(id, database)
      try database.execute(
        sql: "DELETE FROM prompt WHERE projectId = ? AND frame = ? AND object = ?",
        arguments: [id, prompt.frame, prompt.object])
      if !prompt.isEmpty {
        try Self.insert(prompt, id, database)
        if let object { try Self.add(object, to: id, database) }
      }
      change(&project)
      project.updated = now
      try project.update(database)
    }
  }

  private static func add(_ object: MarkedObject, to project: String, _ database: Database) throws {
    try database.execute(
      sql: """
        INSERT OR IGNORE INTO object (projectId, id, position, body)
        SELECT ?, ?, COALESCE(MAX(position), -1) + 1, ? FROM object WHERE projectId = ?
        """,
      arguments: [project, object.id, try text(object), project])
  }

  private static func replace(_ objects: [MarkedObject], of project: String, _ database: Database) throws {
    try database.execute(sql: "DELETE FROM object WHERE projectId = ?", arguments: [project])
    for (position, object) in objects.enumerated() {
      try database.execute(
        sql: "INSERT INTO object (projectId, id, position, body) VALUES (?, ?, ?, ?)",
        arguments: [project, object.id, position, try text(object)])
    }
  }

  private static func replace(_ prompts: [Prompt], of project: String, _ database: Database) throws {
    try database.execute(sql: "DELETE FROM prompt WHERE projectId = ?", arguments: [project])
    for prompt in prompts where !prompt.isEmpty { try insert(prompt, project, database) }
  }

  private static func insert(_ prompt: Prompt, _ project: String, _ database: Database) throws {
    try database.execute(
      sql: "INSERT OR REPLACE INTO prompt (projectId, frame, object, body) VALUES (?, ?, ?, ?)",
      arguments: [project, prompt.frame, prompt.object, try text(prompt)])
  }

  static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}
