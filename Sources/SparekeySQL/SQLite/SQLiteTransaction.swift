import GRDB
import GRDBSQLite

/// One attempt at a transaction on an SQLite connection.
///
/// GRDB prepares and caches the statements; values are bound and read by SQLite's own functions, because GRDB binds an
/// empty blob as NULL and ends the program where a binding is refused.
final class SQLiteTransaction: SQLConnection {
    let dialect = SQLDialect.sqlite

    private let database: Database
    private let place: String
    private var access = SQLAccess.write
    /// The statement that ended the transaction.
    private var failure: SQLError?

    init(_ database: Database, place: String) {
        self.database = database
        self.place = place
    }

    func run<Value>(
        _ access: SQLAccess, retry: TransactionRetry, _ body: (any SQLConnection) throws -> Value
    ) throws -> Value {
        self.access = access
        try translated { try prepared(access == .write ? "BEGIN IMMEDIATE" : "BEGIN DEFERRED").execute() }
        do {
            let value = try body(self)
            if let failure { throw failure }
            try translated { try prepared("COMMIT").execute() }
            return value
        } catch {
            // A rollback that fails leaves the connection inside the transaction, which nobody may go on using.
            try translated { try database.rollback() }
            throw retry.verdict(on: error, after: failure)
        }
    }

    func execute(_ statement: SQLStatement) throws -> Int {
        try withPrepared(statement) { prepared in
            // `changes()` keeps the count of an earlier statement when this one is no INSERT, UPDATE or DELETE.
            let before = database.totalChangesCount
            while try step(prepared, statement) {}
            return database.totalChangesCount == before ? 0 : database.changesCount
        }
    }

    func query(_ statement: SQLStatement) throws -> [SQLRow] {
        try withPrepared(statement) { prepared in
            var columns: [String] = []
            var rows: [SQLRow] = []
            while try step(prepared, statement) {
                if rows.isEmpty { columns = prepared.columnNames }
                rows.append(SQLRow(columns: columns, values: prepared.values))
            }
            return rows
        }
    }

    private func withPrepared<Value>(
        _ statement: SQLStatement, _ use: (PreparedSQLite) throws -> Value
    ) throws -> Value {
        if let failure { throw failure }
        do {
            let values = try statement.bindableValues()
            let prepared = PreparedSQLite(try prepare(statement).sqliteStatement)
            defer { prepared.reset() }
            guard access == .write || prepared.isReadOnly else {
                throw SQLError.sqlite(SQLITE_READONLY, place, statement: statement)
            }
            guard prepared.bind(values) else {
                throw SQLError.sqlite(sqlite3_extended_errcode(database.sqliteConnection), place, statement: statement)
            }
            return try use(prepared)
        } catch let error as SQLError {
            failure = error
            throw error
        }
    }

    private func prepare(_ statement: SQLStatement) throws -> Statement {
        do {
            return try prepared(statement.text(for: dialect))
        } catch let error as DatabaseError {
            // Nothing is bound yet, so SQLite's words can only quote the statement's text.
            throw SQLError.sqlite(
                error.extendedResultCode.rawValue, place, message: error.message, isPreparing: true,
                statement: statement)
        }
    }

    /// Compiled once a connection. No pragma may come between: the one that refuses writes (`query_only`) makes SQLite
    /// compile every statement again, which costs more than running them.
    private func prepared(_ sql: String) throws -> Statement {
        try database.cachedStatement(sql: sql)
    }

    /// True while there is a row.
    private func step(_ prepared: PreparedSQLite, _ statement: SQLStatement) throws -> Bool {
        switch sqlite3_step(prepared.pointer) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code:
            let connection = database.sqliteConnection
            throw SQLError.sqlite(
                code, place, message: sqlite3_errmsg(connection).map { String(cString: $0) },
                systemError: sqlite3_system_errno(connection), statement: statement)
        }
    }

    private func translated<Value>(_ work: () throws -> Value) throws -> Value {
        do {
            return try work()
        } catch let error as DatabaseError {
            let systemError = sqlite3_system_errno(database.sqliteConnection)
            throw SQLError.sqlite(
                error.extendedResultCode.rawValue, place, message: error.message, systemError: systemError)
        }
    }
}
