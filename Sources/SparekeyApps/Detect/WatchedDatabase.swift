import SparekeySQL
import Synchronization

/// A database in which every change is taken back: what a transaction did is counted, then it is rolled back.
///
/// For a rehearsal. Reads go through as they are.
struct WatchedDatabase: SQLDatabase {
    /// What one transaction changed before it was taken back.
    struct Changes: Sendable {
        /// Rows that its own statements changed.
        let own: Int
        /// Rows that were changed in all, by triggers and rules of the database too; nil where it does not say.
        let all: Int?
        /// Columns of the watched row that have another value.
        let columns: [String]
    }

    let base: any SQLDatabase
    /// The row that is compared column by column: names and values, in order.
    let row: @Sendable (any SQLConnection) throws -> SQLRow?
    private let seen = Seen()

    init(_ base: any SQLDatabase, row: @escaping @Sendable (any SQLConnection) throws -> SQLRow?) {
        self.base = base
        self.row = row
    }

    var dialect: SQLDialect { base.dialect }
    var place: String { base.place }
    /// Of the last transaction that wrote.
    var changes: Changes? { seen.changes.withLock { $0 } }

    func transaction<Value: Sendable>(
        _ access: SQLAccess, _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        guard access == .write else { return try await base.transaction(access, body) }
        let row = row
        do {
            return try await base.transaction(.write) { connection in
                let before = (try Self.total(connection), try row(connection))
                let watched = WatchedConnection(connection)
                let value = try body(watched)
                let total = try Self.total(connection)
                let after = try row(connection)
                throw TakenBack(
                    value: value,
                    changes: Changes(
                        own: watched.changed, all: Self.change(total, before.0),
                        columns: Self.difference(before.1, after)))
            }
        } catch let end as TakenBack<Value> {
            seen.changes.withLock { $0 = end.changes }
            return end.value
        }
    }

    func lock(_ number: Int64) async throws -> (any SQLLock)? { try await base.lock(number) }

    /// The owner of what is wrapped closes it.
    func close() async {}

    /// Rows changed so far: in SQLite since the connection was opened (sqlite.org/c3ref/total_changes.html), in PostgreSQL
    /// in this transaction; both count what triggers do. MariaDB does not say.
    private static func total(_ connection: any SQLConnection) throws -> Int64? {
        switch connection.dialect {
        case .sqlite: try connection.query("SELECT total_changes() AS number").first?.integer("number")
        case .postgreSQL:
            try connection.query(
                """
                SELECT CAST(COALESCE(SUM(n_tup_ins + n_tup_upd + n_tup_del), 0) AS bigint) AS number
                FROM pg_stat_xact_user_tables
                """
            ).first?.integer("number")
        case .mariaDB: nil
        }
    }

    private static func change(_ after: Int64?, _ before: Int64?) -> Int? {
        guard let after, let before else { return nil }
        return Int(after - before)
    }

    private static func difference(_ before: SQLRow?, _ after: SQLRow?) -> [String] {
        guard let before, let after, before.columns == after.columns else { return [] }
        return before.columns.indices.filter { before.values[$0] != after.values[$0] }.map { before.columns[$0] }
    }
}

/// Ends a transaction so that it is rolled back, with what it would have returned.
private struct TakenBack<Value: Sendable>: Error {
    let value: Value
    let changes: WatchedDatabase.Changes
}

/// A reference, so that copies of the database share it.
private final class Seen: Sendable {
    let changes = Mutex<WatchedDatabase.Changes?>(nil)
}

/// Counts the rows that statements change.
private final class WatchedConnection: SQLConnection {
    private let base: any SQLConnection
    private(set) var changed = 0

    init(_ base: any SQLConnection) { self.base = base }

    var dialect: SQLDialect { base.dialect }

    func execute(_ statement: SQLStatement) throws -> Int {
        let count = try base.execute(statement)
        changed += count
        return count
    }

    func query(_ statement: SQLStatement) throws -> [SQLRow] { try base.query(statement) }
}
