import Foundation
import GRDB

extension ProjectStore {
  public func insert(_ job: Job) async throws { try await write { try job.insert($0) } }

  /// - Throws: `ProjectStoreError.notFound`.
  public func job(_ id: String) async throws -> Job { try await read { try Self.job(id, $0) } }

  /// Changes a job in one transaction.
  @discardableResult
  public func updateJob(_ id: String, _ change: @Sendable @escaping (inout Job) -> Void) async throws -> Job {
    try await write { database in
      var job = try Self.job(id, database)
      change(&job)
      try job.update(database)
      return job
    }
  }

  /// Jobs that wait, in the order in which they were asked for.
  public func queuedJobs() async throws -> [Job] {
    try await read { database in
      try Job.filter(Column("state") == Job.State.queued.rawValue).order(Column("created"), Column("id"))
        .fetchAll(database)
    }
  }

  /// Queues again what was running when the server ended.
  /// - Returns: the jobs concerned.
  public func requeueInterrupted() async throws -> [Job] {
    try await write { database in
      let jobs = try Job.filter(Column("state") == Job.State.running.rawValue).fetchAll(database)
      return try jobs.map { job in
        var job = job
        job.state = .queued
        job.message = "goes on after the server was started again"
        try job.update(database)
        return job
      }
    }
  }

  /// Removes all but the last `count` jobs of a project that have ended.
  public func forgetOldJobs(of project: String, keeping count: Int = 20) async throws {
    try await write { database in
      let ended = try Job.filter(Column("project") == project).order(Column("created").desc).fetchAll(database)
        .filter { $0.state.isFinal || $0.state == .failed }
      for job in ended.dropFirst(count) { try job.delete(database) }
    }
  }

  private static func job(_ id: String, _ database: Database) throws -> Job {
    guard let job = try Job.fetchOne(database, key: id) else { throw missing("job") }
    return job
  }
}

extension ProjectStore {
  public func insert(_ upload: Upload) async throws { try await write { try upload.insert($0) } }

  /// - Throws: `ProjectStoreError.notFound`.
  public func upload(_ id: String) async throws -> Upload {
    try await read { database in
      guard let upload = try Upload.fetchOne(database, key: id) else { throw Self.missing("upload") }
      return upload
    }
  }

  public func uploads() async throws -> [Upload] {
    try await read { try Upload.order(Column("created"), Column("id")).fetchAll($0) }
  }

  public func deleteUpload(_ id: String) async throws {
    try await write { _ = try Upload.deleteOne($0, key: id) }
  }

  /// A value kept for the whole server: the settings that new projects begin with.
  public func setting<Value: Decodable & Sendable>(_ key: String, as type: Value.Type) async throws -> Value? {
    try await read { database in
      try String.fetchOne(database, sql: "SELECT value FROM setting WHERE key = ?", arguments: [key])
        .flatMap { try? JSONDecoder().decode(type, from: Data($0.utf8)) }
    }
  }

  public func setSetting(_ key: String, to value: some Encodable & Sendable) async throws {
    try await write { database in
      try database.execute(
        sql: "INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)", arguments: [key, try Self.text(value)])
    }
  }
}
