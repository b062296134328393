internal import SparekeySQL

/// One attempt at a transaction that has begun on a session.
final class PostgreSQLTransaction: SQLConnection {
    let dialect = SQLDialect.postgreSQL

    private let session: PostgreSQLSession
    private let access: SQLAccess
    private let place: String
    /// The statement that ended the transaction.
    private var failure: SQLError?

    init(_ session: PostgreSQLSession, _ access: SQLAccess, place: String) {
        self.session = session
        self.access = access
        self.place = place
    }

    static func begin(_ access: SQLAccess) -> String {
        switch access {
        case .read: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        case .write: "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
        }
    }

    func run<Value>(_ retry: TransactionRetry, _ body: (any SQLConnection) throws -> Value) throws -> Value {
        do {
            let value = try body(self)
            if let failure { throw failure }
            try commit()
            return value
        } catch {
            rollBack()
            throw retry.verdict(on: error, after: failure)
        }
    }

    func execute(_ statement: SQLStatement) throws -> Int {
        try remembering { try session.run(statement).changedRows }
    }

    func query(_ statement: SQLStatement) throws -> [SQLRow] {
        try remembering { try session.run(statement).rows() }
    }

    private func remembering<Value>(_ work: () throws -> Value) throws -> Value {
        if let failure { throw failure }
        do {
            return try work()
        } catch let error as SQLError {
            failure = error.code == .connectionLost ? lostInBetween(error) : error
            throw failure ?? error
        }
    }

    private func commit() throws {
        do {
            let tag = try session.run("COMMIT")
            // The server answers a COMMIT of a failed transaction with ROLLBACK and no error.
            guard tag == "COMMIT" else {
                throw SQLError(.other, reason: "\(place): the database undid the change instead of keeping it")
            }
        } catch let error as SQLError where error.code == .connectionLost {
            // What was read stays true.
            if access == .write { throw lostAtCommit(error) }
        }
    }

    /// Without an answer there is no session left to undo anything on: the server has undone it already.
    private func rollBack() {
        if !session.isLost { _ = try? session.run("ROLLBACK") }
    }

    private func lostInBetween(_ error: SQLError) -> SQLError {
        SQLError(
            .connectionLost, reason: "\(error.reason) before the change was complete; nothing of it was kept",
            cause: error.cause)
    }

    private func lostAtCommit(_ error: SQLError) -> SQLError {
        SQLError(
            .connectionLost,
            reason: "\(error.reason) while the change was being made final; it was kept as a whole or not at all",
            cause: error.cause)
    }
}
