/// What a transaction means to do.
public enum SQLAccess: Sendable {
    /// Reads a consistent snapshot; a write inside it is refused.
    case read
    /// Takes the write lock at the start (`BEGIN IMMEDIATE`), or begins a read-committed transaction on a server.
    case write
}

/// One open database of any kind, shared by everything in the process.
///
/// Asynchronous outside, synchronous inside: the body runs on the driver's own thread and may block there. It may run
/// again after a serialisation failure or a deadlock, so it does no hashing and no I/O but its own statements.
public protocol SQLDatabase: Sendable {
    var dialect: SQLDialect { get }

    /// Where it is, without any password: for the `[CLI]` trail and for messages.
    var place: String { get }

    /// Runs `body` in one transaction: committed when it returns, rolled back when it throws.
    ///
    /// - Throws: ``SQLError``, or what `body` throws. With code ``SQLError/Code/connectionLost`` during a commit the
    ///   outcome is unknown; the caller looks in the journal.
    func transaction<Value: Sendable>(
        _ access: SQLAccess, _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value

    /// Runs one query by itself, outside any transaction: what it answers is of one moment all the same.
    ///
    /// For what is asked all the time: a server is talked to once instead of three times.
    ///
    /// - Throws: ``SQLError``.
    func query(_ statement: SQLStatement) async throws -> [SQLRow]

    /// Tries to take the advisory lock `number`, and returns nil at once when somebody else holds it, in whichever
    /// process on whichever machine. The lock dies with its holder.
    func lock(_ number: Int64) async throws -> (any SQLLock)?

    /// Hears what commits announce on `channel`, whoever commits; nil where the database tells nobody anything, as a file.
    ///
    /// Costs a connection and a thread until it is closed. Nothing is connected before the first ``SQLListener/next()``.
    func listener(on channel: String) throws -> (any SQLListener)?

    /// Closes every connection. The database is not used afterwards.
    func close() async
}

extension SQLDatabase {
    public func query(_ statement: SQLStatement) async throws -> [SQLRow] {
        try await transaction(.read) { try $0.query(statement) }
    }
}

/// A connection inside a transaction. It lives as long as the body it was lent to.
///
/// A statement that fails ends the transaction on every database, as PostgreSQL has it: every later statement throws the
/// same error again and nothing is committed, even when the body catches the error and returns. ON CONFLICT and row
/// counts answer what a caught constraint error would.
public protocol SQLConnection {
    var dialect: SQLDialect { get }

    /// Runs a statement and returns how many rows it changed; row counts decide who won (house.md).
    @discardableResult
    func execute(_ statement: SQLStatement) throws -> Int

    /// Runs a query and returns every row of its answer. Callers bound the answer with LIMIT.
    func query(_ statement: SQLStatement) throws -> [SQLRow]
}

/// An advisory lock that is held until released or until the process ends.
public protocol SQLLock: Sendable {
    func release() async
}

/// One row of an answer. Columns are read by the name the query gave them.
public struct SQLRow: Sendable {
    public let columns: [String]
    public let values: [SQLValue]

    public init(columns: [String], values: [SQLValue]) {
        self.columns = columns
        self.values = values
    }

    /// The value of `column`. Asking for a column that the query did not name is a bug of ours and ends the program.
    public subscript(column: String) -> SQLValue {
        guard let index = columns.firstIndex(of: column) else {
            preconditionFailure("the query names no column \(column)")
        }
        return values[index]
    }

    public func text(_ column: String) throws -> String {
        guard case .text(let value) = self[column] else { throw mismatch(column) }
        return value
    }

    public func optionalText(_ column: String) throws -> String? {
        self[column] == .null ? nil : try text(column)
    }

    public func integer(_ column: String) throws -> Int64 {
        guard case .integer(let value) = self[column] else { throw mismatch(column) }
        return value
    }

    public func optionalInteger(_ column: String) throws -> Int64? {
        self[column] == .null ? nil : try integer(column)
    }

    public func bool(_ column: String) throws -> Bool {
        try integer(column) != 0
    }

    public func blob(_ column: String) throws -> [UInt8] {
        guard case .blob(let value) = self[column] else { throw mismatch(column) }
        return value
    }

    public func optionalBlob(_ column: String) throws -> [UInt8]? {
        self[column] == .null ? nil : try blob(column)
    }

    private func mismatch(_ column: String) -> SQLError {
        SQLError(.unexpectedType, reason: "column \(column) holds a value of another type than expected")
    }
}
