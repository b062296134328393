/// One attempt at a transaction that has begun on a session.
final class SessionTransaction: SQLConnection {
    var dialect: SQLDialect { session.dialect }

    private let session: any SQLSession
    private let access: SQLAccess
    /// The statement that ended the transaction.
    private var failure: SQLError?

    init(_ session: any SQLSession, _ access: SQLAccess) {
        self.session = session
        self.access = access
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
        try remembering { try session.execute(statement) }
    }

    func query(_ statement: SQLStatement) throws -> [SQLRow] {
        try remembering { try session.query(statement) }
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
            try session.commit()
        } catch let error as SQLError where error.code == .connectionLost {
            // What was read stays true.
            if access == .write { throw lostAtCommit(error) }
        }
    }

    /// Without an answer there is no session left to undo anything on: the server has undone it already.
    private func rollBack() {
        if !session.isLost { try? session.rollBack() }
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
