import GRDB

/// The tables, step by step. A step that was released is never edited: a new one follows.
enum Migrations {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("projects") { database in
      try database.create(table: "project") { table in
        table.primaryKey("id", .text)
        table.column("name", .text).notNull()
        table.column("created", .datetime).notNull()
        table.column("updated", .datetime).notNull()
        for column in ["source", "media", "cuts", "range", "settings", "track", "clean", "outputs"] {
          table.column(column, .jsonText).notNull()
        }
        table.column("bytes", .integer).notNull()
      }
      try database.create(table: "object") { table in
        table.belongsTo("project", onDelete: .cascade).notNull()
        table.column("id", .integer).notNull().check(sql: "id BETWEEN 1 AND 255")
        table.column("position", .integer).notNull()
        table.column("body", .jsonText).notNull()
        table.primaryKey(["projectId", "id"])
      }
      try database.create(table: "prompt") { table in
        table.belongsTo("project", onDelete: .cascade).notNull()
        table.column("frame", .integer).notNull()
        table.column("object", .integer).notNull()
        table.column("body", .jsonText).notNull()
        table.primaryKey(["projectId", "frame", "object"])
      }
    }
    migrator.registerMigration("jobs") { database in
      try database.create(table: "job") { table in
        table.primaryKey("id", .text)
        table.column("project", .text).notNull().indexed().references("project", onDelete: .cascade)
        for column in ["kind", "state", "stage", "message"] { table.column(column, .text).notNull() }
        table.column("range", .jsonText)
        table.column("direction", .text)
        table.column("frame", .integer)
        table.column("form", .text)
        table.column("done", .double).notNull()
        table.column("total", .integer).notNull()
        table.column("rate", .double).notNull()
        table.column("secondsLeft", .double)
        table.column("attempt", .integer).notNull()
        table.column("created", .datetime).notNull()
      }
      try database.create(table: "upload") { table in
        table.primaryKey("id", .text)
        table.column("name", .text).notNull()
        table.column("length", .integer).notNull()
        table.column("created", .datetime).notNull()
      }
      try database.create(table: "setting") { table in
        table.primaryKey("key", .text)
        table.column("value", .jsonText).notNull()
      }
    }
    return migrator
  }
}
