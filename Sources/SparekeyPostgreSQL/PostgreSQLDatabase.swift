public import SparekeySQL

/// One PostgreSQL database through libpq: a few connections, each blocking on a thread of its own.
///
/// Writes are read-committed, reads a repeatable-read snapshot. A transaction the server could not serialise is run
/// again, at most ten times within five seconds. Integers travel as int8, texts as text, blobs as bytea and reals as
/// float8; a column of another type wants a cast in the statement (`CAST(\(id) AS uuid)`). In answers smallint, integer,
/// bigint, oid and boolean are integers, real and double precision are reals, bytea is a blob and everything else is
/// text, numeric included: `CAST(sum(x) AS bigint)` where an integer is wanted.
public final class PostgreSQLDatabase: SQLDatabase {
    public let dialect = SQLDialect.postgreSQL
    /// `postgres://user@host:port/name`, never with the password.
    public let place: String

    private let address: PostgreSQLAddress
    private let options: PostgreSQLOptions
    private let pool: SessionPool
    private let retry = TransactionRetry(codes: [.conflict], attempts: 10, patience: .seconds(5))

    /// Connects once, so that a wrong address or password is known at once; further connections are made when needed.
    ///
    /// Off this machine the server's certificate is verified (`sslmode=verify-full`) unless the URL names an `sslmode`.
    ///
    /// - Parameters:
    ///   - url: a URL or key=value text of libpq (its manual, 34.1.1).
    ///   - password: used instead of one in the URL, as read from a file. With nil and none in the URL libpq looks at
    ///     PGPASSWORD and the password file (`.pgpass`).
    /// - Throws: ``SQLError`` with code `unavailable` or `denied`.
    public init(url: String, password: String? = nil, options: PostgreSQLOptions = PostgreSQLOptions()) async throws {
        let address = try PostgreSQLAddress(url, password: password, options: options)
        self.address = address
        self.options = options
        place = address.place
        pool = try SessionPool(
            connections: options.connections, patience: options.poolPatience, place: place
        ) { try PostgreSQLSession(address, options) }
        do {
            try await pool.lend { try await $0.open() }
        } catch {
            await pool.close()
            throw error
        }
    }

    public func transaction<Value: Sendable>(
        _ access: SQLAccess, _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        try await pool.lend { try await $0.transaction(access, retry, body) }
    }

    public func query(_ statement: SQLStatement) async throws -> [SQLRow] {
        try await pool.lend { try await $0.query(statement, retry) }
    }

    /// "Sparekey" in ASCII, laid over every number so that locks of other programs in one database stay apart.
    private static let namespace: Int64 = 0x5370_6172_656B_6579

    /// Takes a session advisory lock (`pg_try_advisory_lock`) on a connection of its own, beside the pool's. The key is
    /// `number` laid over a fixed namespace, the ASCII bytes of "Sparekey". When that connection breaks, the lock is
    /// gone without anybody being told.
    public func lock(_ number: Int64) async throws -> (any SQLLock)? {
        let key = number ^ Self.namespace
        return try await SessionLock(
            SessionConnection { [address, options] in try PostgreSQLSession(address, options) },
            // A server may end sessions that say nothing for a while (since version 14); this one is silent on purpose.
            patient: PostgreSQLOptions.patience,
            take: "SELECT pg_try_advisory_lock(\(key)) AS taken", free: "SELECT pg_advisory_unlock(\(key)) AS freed")
    }

    /// By LISTEN on a connection of its own, beside the pool's.
    public func listener(on channel: String) throws -> (any SQLListener)? {
        try PostgreSQLListener(channel) { [address, options] in try PostgreSQLSession(address, options) }
    }

    /// Waits for idle connections to be closed; one that is lent is closed when its transaction ends.
    public func close() async {
        await pool.close()
    }
}
