/// A session that is opened when first needed and again after it broke, on a thread of its own.
///
/// `@unchecked Sendable`: `session` is only touched by closures that run on `thread`, one after the other.
public final class SessionConnection: @unchecked Sendable {
    private let openSession: @Sendable () throws -> any SQLSession
    private let thread: ConnectionThread
    private var session: (any SQLSession)?

    /// - Parameter open: connects and signs in; runs on the connection's thread and may block it, within a deadline.
    public init(_ open: @escaping @Sendable () throws -> any SQLSession) throws {
        openSession = open
        thread = try ConnectionThread()
    }

    /// Makes the session now instead of when it is first needed.
    public func open() async throws {
        try await thread.run { _ = try self.openedSession() }
    }

    /// As ``SQLDatabase/transaction(_:_:)``.
    public func transaction<Value: Sendable>(
        _ access: SQLAccess, _ retry: TransactionRetry,
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        try await thread.run {
            try retry.run {
                let transaction = SessionTransaction(try self.begin(access), access)
                defer { self.dropUnlessIdle() }
                return try transaction.run(retry, body)
            }
        }
    }

    /// As ``SQLDatabase/query(_:)``. A session that broke meanwhile is opened again once: nothing was changed on it.
    public func query(_ statement: SQLStatement, _ retry: TransactionRetry) async throws -> [SQLRow] {
        try await thread.run {
            try retry.run {
                let isReused = self.session != nil
                defer { self.dropUnlessIdle() }
                let first = try self.openedSession()
                do {
                    return try first.query(statement)
                } catch {
                    guard isReused, first.isLost else { throw error }
                    self.session = nil
                    return try self.openedSession().query(statement)
                }
            }
        }
    }

    /// Runs one statement outside a transaction, on the session that is there.
    public func query(_ statement: SQLStatement) async throws -> [SQLRow] {
        try await thread.run {
            defer { self.dropUnlessIdle() }
            return try self.openedSession().query(statement)
        }
    }

    public func close() async {
        await thread.finish { self.session = nil }
    }

    /// As ``close()``, from where nothing can be awaited.
    public func end() {
        thread.end { self.session = nil }
    }

    /// A session that broke while it was idle is opened again once: nothing of the transaction had been sent.
    private func begin(_ access: SQLAccess) throws -> any SQLSession {
        let isReused = session != nil
        let first = try openedSession()
        do {
            try first.begin(access)
            return first
        } catch {
            guard isReused, first.isLost else { throw error }
            session = nil
            let second = try openedSession()
            try second.begin(access)
            return second
        }
    }

    private func openedSession() throws -> any SQLSession {
        if let session { return session }
        let opened = try openSession()
        session = opened
        return opened
    }

    /// Neither a broken session nor one that is still inside a transaction is used again.
    private func dropUnlessIdle() {
        if session?.isIdle == false { session = nil }
    }
}
