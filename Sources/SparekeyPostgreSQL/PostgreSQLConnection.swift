internal import SparekeySQL

/// A session that is opened when first needed and again after it broke, on a thread of its own.
///
/// `@unchecked Sendable`: `session` is only touched by closures that run on `thread`, one after the other.
final class PostgreSQLConnection: @unchecked Sendable {
    private let address: PostgreSQLAddress
    private let options: PostgreSQLOptions
    private let thread: ConnectionThread
    private var session: PostgreSQLSession?

    init(_ address: PostgreSQLAddress, _ options: PostgreSQLOptions) throws {
        self.address = address
        self.options = options
        thread = try ConnectionThread()
    }

    func open() async throws {
        try await thread.run { _ = try self.openedSession() }
    }

    func transaction<Value: Sendable>(
        _ access: SQLAccess, _ retry: TransactionRetry,
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        try await thread.run {
            try retry.run {
                let transaction = PostgreSQLTransaction(try self.begin(access), access, place: self.address.place)
                defer { self.dropUnlessIdle() }
                return try transaction.run(retry, body)
            }
        }
    }

    /// Runs one statement outside a transaction.
    func query(_ statement: SQLStatement) async throws -> [SQLRow] {
        try await thread.run {
            defer { self.dropUnlessIdle() }
            return try self.openedSession().run(statement).rows()
        }
    }

    func close() async {
        await thread.finish { self.session = nil }
    }

    /// As ``close()``, from where nothing can be awaited.
    func end() {
        thread.end { self.session = nil }
    }

    /// A session that broke while it was idle is opened again once: nothing of the transaction had been sent.
    private func begin(_ access: SQLAccess) throws -> PostgreSQLSession {
        let isReused = session != nil
        let first = try openedSession()
        do {
            try first.run(PostgreSQLTransaction.begin(access))
            return first
        } catch {
            guard isReused, first.isLost else { throw error }
            session = nil
            let second = try openedSession()
            try second.run(PostgreSQLTransaction.begin(access))
            return second
        }
    }

    private func openedSession() throws -> PostgreSQLSession {
        if let session { return session }
        let opened = try PostgreSQLSession(address, options)
        session = opened
        return opened
    }

    /// Neither a broken session nor one that is still inside a transaction is used again.
    private func dropUnlessIdle() {
        if session?.isIdle == false { session = nil }
    }
}
