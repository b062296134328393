public import SparekeySQL

/// One MariaDB or MySQL database through libmariadb: a few connections, each blocking on a thread of its own. For
/// programs' databases; the own directory is never kept there.
///
/// Writes are read-committed, reads a repeatable-read snapshot; row counts count the rows found, changed or not
/// (CLIENT_FOUND_ROWS). A transaction that the server broke up because of a deadlock is run again, at most ten times within
/// five seconds. Everything is utf8mb4, strict and UTC. A statement that changes tables (CREATE, ALTER, DROP) commits by
/// itself, and tables of an engine without transactions (MyISAM) keep what was written: ``SchemaTable/isTransactional``.
///
/// In answers integer types, YEAR and BIT are integers, FLOAT and DOUBLE are reals, binary types are blobs and everything
/// else is the server's text, DECIMAL, dates and unsigned numbers above 2^63-1 included.
public final class MariaDBDatabase: SQLDatabase {
    public let dialect = SQLDialect.mariaDB
    /// `mysql://user@host:port/name`, never with the password.
    public let place: String

    private let address: MariaDBAddress
    private let options: MariaDBOptions
    private let pool: SessionPool
    private let retry = TransactionRetry(codes: [.conflict], attempts: 10, patience: .seconds(5))

    /// Connects once, so that a wrong address or password is known at once; further connections are made when needed.
    ///
    /// - Parameters:
    ///   - url: `mysql://user@host:port/name`, `mariadb://` alike. Without host, or with `localhost` and no port, through
    ///     the server's socket, whose path `?socket=` names. Off this machine the server's certificate is verified unless
    ///     `?ssl-mode=required` or `disabled` says otherwise; `?ssl-ca=FILE` names its authority.
    ///   - password: used instead of one in the URL, as read from a file. With nil and none in the URL libmariadb looks at
    ///     the option files (`my.cnf`, sections `client` and `sparekey`; `?defaults-file=` names another) and MYSQL_PWD.
    /// - Throws: ``SQLError`` with code `badAddress`, `unavailable`, `denied` or `busy`.
    public init(url: String, password: String? = nil, options: MariaDBOptions = MariaDBOptions()) async throws {
        let address = try MariaDBAddress(url, password: password)
        self.address = address
        self.options = options
        place = address.place
        pool = try SessionPool(
            connections: options.connections, patience: options.poolPatience, place: place
        ) { try MariaDBSession(address, options) }
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

    /// Takes the server's lock `sparekey/NUMBER` (`GET_LOCK`) on a connection of its own, beside the pool's. It is one for
    /// all databases of the server. When that connection breaks, the lock is gone without anybody being told.
    public func lock(_ number: Int64) async throws -> (any SQLLock)? {
        let name = "sparekey/\(number)"
        return try await SessionLock(
            SessionConnection { [address, options] in try MariaDBSession(address, options) },
            // A server ends sessions that say nothing for a while; this one is silent on purpose.
            patient: "SET SESSION wait_timeout = 31536000",
            take: "SELECT GET_LOCK(\(name), 0) AS taken", free: "SELECT RELEASE_LOCK(\(name)) AS freed")
    }

    /// Waits for idle connections to be closed; one that is lent is closed when its transaction ends.
    public func close() async {
        await pool.close()
    }
}
