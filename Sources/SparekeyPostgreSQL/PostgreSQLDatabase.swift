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
    private let pool: PostgreSQLPool
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
        address = try PostgreSQLAddress(url, password: password, options: options)
        self.options = options
        place = address.place
        pool = try PostgreSQLPool(address, options)
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

    /// Takes a session advisory lock (`pg_try_advisory_lock`) on a connection of its own, beside the pool's. The key is
    /// `number` laid over a fixed namespace, the ASCII bytes of "Sparekey". When that connection breaks, the lock is
    /// gone without anybody being told.
    public func lock(_ number: Int64) async throws -> (any SQLLock)? {
        try await PostgreSQLLock(number, PostgreSQLConnection(address, options))
    }

    /// Waits for idle connections to be closed; one that is lent is closed when its transaction ends.
    public func close() async {
        await pool.close()
    }
}
