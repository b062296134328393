internal import SparekeySQL

/// How a MariaDB or MySQL database is reached and for how long anything is waited for. These servers count whole seconds:
/// a part of one is rounded up.
public struct MariaDBOptions: Sendable {
    /// The most connections for transactions. Each held lock has one more of its own.
    public var connections: Int
    /// How long a transaction waits for a free connection.
    public var poolPatience: Duration
    /// How long reaching the server may take, and each of its answers while signing in.
    public var connectTimeout: Duration
    /// `max_statement_time` of MariaDB; MySQL bounds reading statements only (`max_execution_time`).
    public var statementTimeout: Duration
    /// `innodb_lock_wait_timeout` for rows, `lock_wait_timeout` for tables.
    public var lockTimeout: Duration
    /// `idle_transaction_timeout` of MariaDB.
    public var idleTransactionTimeout: Duration

    /// The defaults bound every wait to a few seconds.
    public init(
        connections: Int = 8, poolPatience: Duration = .seconds(10), connectTimeout: Duration = .seconds(5),
        statementTimeout: Duration = .seconds(10), lockTimeout: Duration = .seconds(5),
        idleTransactionTimeout: Duration = .seconds(30)
    ) {
        self.connections = connections
        self.poolPatience = poolPatience
        self.connectTimeout = connectTimeout
        self.statementTimeout = statementTimeout
        self.lockTimeout = lockTimeout
        self.idleTransactionTimeout = idleTransactionTimeout
    }

    /// How long one answer of the server may take on the wire, before the connection counts as broken: longer than any
    /// statement that the server bounds itself, and than reaching it.
    var answerTimeout: Duration { max(statementTimeout + lockTimeout, connectTimeout) }

    /// What every new session is told.
    ///
    /// `sql_mode`: a value that does not fit is refused and not cut; a backslash in a text is a backslash. Zero dates stay
    /// allowed, because a row of somebody else's may hold some and `undo` writes back what was there. Messages are asked
    /// for in English, because names of keys are read out of them.
    func sessionSettings(isMariaDB: Bool, version: UInt) -> [String] {
        let lock = lockTimeout.wholeSeconds
        var settings = [
            """
            SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO,\
            NO_BACKSLASH_ESCAPES', time_zone = '+00:00', autocommit = 1, lc_messages = 'en_US', \
            innodb_lock_wait_timeout = \(lock), lock_wait_timeout = \(lock), sql_safe_updates = 0, foreign_key_checks = 1, \
            unique_checks = 1
            """,
            "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
        ]
        if isMariaDB {
            settings.append("SET SESSION max_statement_time = \(statementTimeout.wholeSeconds)")
        } else {
            settings.append("SET SESSION max_execution_time = \(statementTimeout.wholeMilliseconds)")
        }
        if isMariaDB, version >= 100_300 {
            settings.append("SET SESSION idle_transaction_timeout = \(idleTransactionTimeout.wholeSeconds)")
        }
        return settings
    }
}
