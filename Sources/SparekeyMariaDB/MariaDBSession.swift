import CMariaDB
internal import SparekeySQL

/// One session on a server. Not thread-safe: it lives on one connection's thread.
final class MariaDBSession: SQLSession {
    let dialect = SQLDialect.mariaDB
    private(set) var isLost = false

    private let handle: UnsafeMutablePointer<MYSQL>
    private let place: String

    /// Connects and signs in, within the options' connect timeout (looking up a name is bounded by the system's resolver).
    ///
    /// - Throws: ``SQLError`` with code `unavailable`, `denied` or `busy`.
    init(_ address: MariaDBAddress, _ options: MariaDBOptions) throws {
        place = address.place
        handle = try MariaDBSignIn(address, options).session()
        let isMariaDB = String(cString: mysql_get_server_info(handle)).contains("MariaDB")
        for setting in options.sessionSettings(isMariaDB: isMariaDB, version: UInt(mysql_get_server_version(handle))) {
            try run(setting)
        }
    }

    deinit {
        mysql_close(handle)
    }

    /// The server says with every answer whether a transaction is open (SERVER_STATUS_IN_TRANS).
    var isIdle: Bool { !isLost && handle.pointee.server_status & UInt32(SERVER_STATUS_IN_TRANS) == 0 }

    func begin(_ access: SQLAccess) throws {
        switch access {
        case .read:
            try run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            try run("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
        case .write: try run("START TRANSACTION READ WRITE")
        }
    }

    func commit() throws {
        try run("COMMIT")
    }

    func rollBack() throws {
        try run("ROLLBACK")
    }

    func execute(_ statement: SQLStatement) throws -> Int {
        try withExecuted(statement) { $0.changedRows }
    }

    func query(_ statement: SQLStatement) throws -> [SQLRow] {
        try withExecuted(statement) { try $0.rows() }
    }

    /// Runs fixed text without values.
    private func run(_ text: String) throws {
        guard mysql_real_query(handle, text, UInt(text.utf8.count)) == 0 else {
            throw failure(MariaDBFailure(handle), nil)
        }
    }

    private func withExecuted<Value>(
        _ statement: SQLStatement, _ use: (MariaDBStatement) throws -> Value
    ) throws -> Value {
        let values = try statement.bindableValues()
        do {
            let prepared = try MariaDBStatement(handle, statement.text(for: dialect))
            try prepared.execute(values)
            return try use(prepared)
        } catch let error as MariaDBFailure {
            throw failure(error, statement)
        }
    }

    private func failure(_ failure: MariaDBFailure, _ statement: SQLStatement?) -> SQLError {
        if failure.isLoss { isLost = true }
        return SQLError.mariaDB(failure, place, statement: statement)
    }
}
