internal import SparekeySQL

/// How a PostgreSQL database is reached and for how long anything is waited for.
public struct PostgreSQLOptions: Sendable {
    /// The most connections for transactions. Each held lock has one more of its own.
    public var connections: Int
    /// How long a transaction waits for a free connection.
    public var poolPatience: Duration
    /// How long reaching and signing in to the server may take.
    public var connectTimeout: Duration
    /// `statement_timeout` of the server.
    public var statementTimeout: Duration
    /// `lock_timeout` of the server.
    public var lockTimeout: Duration
    /// `idle_in_transaction_session_timeout` of the server.
    public var idleTransactionTimeout: Duration

    /// The defaults bound every wait to a few seconds. A timeout under a millisecond counts as one millisecond.
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

    /// Keeps the server from ending a session that only waits.
    static let patience: SQLStatement =
        "SELECT set_config(name, '0', false) FROM pg_settings WHERE name = 'idle_session_timeout'"

    /// What every new session is told. Set after signing in and not as start-up options, which poolers refuse.
    ///
    /// Without row security a row that a policy would hide is an error: an account's sessions that nobody sees would live on.
    var sessionSettings: String {
        """
        SET client_min_messages = warning;
        SET standard_conforming_strings = on;
        SET bytea_output = hex;
        SET DateStyle = 'ISO, YMD';
        SET IntervalStyle = 'postgres';
        SET TimeZone = 'UTC';
        SET extra_float_digits = 1;
        SET row_security = off;
        SET statement_timeout = \(statementTimeout.wholeMilliseconds);
        SET lock_timeout = \(lockTimeout.wholeMilliseconds);
        SET idle_in_transaction_session_timeout = \(idleTransactionTimeout.wholeMilliseconds)
        """
    }
}
