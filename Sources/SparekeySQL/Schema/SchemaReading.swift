/// What a database says about its own tables, asked inside a transaction, so that a check and the change it allows see the
/// same schema. Each question costs a query or two and takes no lock that a program would notice.
///
/// A table that is not there has no columns, keys or triggers: an empty answer, not an error.
public protocol SchemaReading {
    /// Tables and views that are not the database's own, by name. On a server those the user may see.
    func tables() throws -> [SchemaTable]

    /// In the order of the table.
    func columns(of table: TableName) throws -> [SchemaColumn]

    /// The primary key first, then what a unique index or rule promises.
    func uniqueKeys(of table: TableName) throws -> [SchemaKey]

    /// By name. MariaDB shows them only to who has the privilege TRIGGER.
    func triggers(on table: TableName) throws -> [SchemaTrigger]

    /// The foreign keys by which a change or removal of a row of `table` changes or removes rows elsewhere.
    func cascades(from table: TableName) throws -> [SchemaCascade]

    func server() throws -> DatabaseServer
}

extension SQLConnection {
    /// The schema of the database that this transaction is in.
    public var schema: any SchemaReading {
        switch dialect {
        case .sqlite: SQLiteSchema(connection: self)
        case .postgreSQL: PostgreSQLSchema(connection: self)
        case .mariaDB: MariaDBSchema(connection: self)
        }
    }
}

/// A table or view by its exact name; quoting is the statement's work (`\(table: name)`).
public struct TableName: Sendable, Hashable, CustomStringConvertible {
    /// A schema of PostgreSQL or a database of MariaDB; nil where the name alone finds the table.
    public let schema: String?
    public let name: String

    public init(_ name: String, schema: String? = nil) {
        self.name = name
        self.schema = schema
    }

    public var description: String { schema.map { "\($0).\(name)" } ?? name }
}

public struct SchemaTable: Sendable, Hashable {
    public enum Kind: Sendable {
        case table
        case view
        /// Rows come from a module (SQLite's virtual tables) or from another server.
        case foreign
    }

    public let name: TableName
    public let kind: Kind
    /// False for tables whose changes cannot be undone when a later step fails (MyISAM, Aria, MEMORY …).
    public let isTransactional: Bool
}

/// Columns whose values, taken together, are there once.
public struct SchemaKey: Sendable, Hashable {
    public let name: String?
    /// Nil stands for an expression (`lower(email)`).
    public let columns: [String?]
    public let isPrimary: Bool
    /// True where the promise holds for a part of the rows (`WHERE deleted_at IS NULL`).
    public let isPartial: Bool
}

public struct SchemaTrigger: Sendable, Hashable {
    public let name: String
    /// The statement that made it, as the database gives it: to be shown, never to be run.
    public let definition: String
}

public struct SchemaCascade: Sendable, Hashable {
    /// What happens to the rows that refer to a changed one.
    public enum Action: Sendable {
        case nothing
        case cascade
        case setNull
        case setDefault
    }

    /// The table that refers, and its columns.
    public let table: TableName
    public let columns: [String]
    /// The columns that are referred to; empty where SQLite leaves it at the primary key.
    public let targets: [String]
    public let onUpdate: Action
    public let onDelete: Action
}

/// The database as a whole.
public struct DatabaseServer: Sendable, Hashable {
    /// As the server says it: `3.40.1`, `15.10 (Debian …)`, `10.11.6-MariaDB`.
    public let version: String
    /// Whether nothing can be written there now: a standby, a server set to read-only, a file this process may not write.
    public let isReadOnly: Bool
    /// What a program left in the header of its SQLite file; nil on a server.
    public let mark: Mark?

    public struct Mark: Sendable, Hashable {
        /// `PRAGMA application_id`; 0 where the program left none.
        public let applicationID: Int64
        /// `PRAGMA user_version`, by which many programs number their migrations.
        public let userVersion: Int64
    }
}

extension SQLStatement.StringInterpolation {
    /// A table's name, quoted, with its schema where it has one.
    public mutating func appendInterpolation(table: TableName) {
        if let schema = table.schema {
            appendInterpolation(identifier: schema)
            appendLiteral(".")
        }
        appendInterpolation(identifier: table.name)
    }
}

extension [SQLRow] {
    /// Rows that belong together by the text in `column`, in the order in which each group begins.
    func grouped(by column: String) throws -> [(key: String, rows: [SQLRow])] {
        var groups: [(key: String, rows: [SQLRow])] = []
        for row in self {
            let key = try row.text(column)
            if groups.last?.key == key {
                groups[groups.count - 1].rows.append(row)
            } else {
                groups.append((key, [row]))
            }
        }
        return groups
    }
}
