import CPostgres
import Glibc
internal import SparekeySQL

/// One session on a server. Not thread-safe: it lives on one connection's thread.
final class PostgreSQLSession: SQLSession {
    let dialect = SQLDialect.postgreSQL

    private let handle: OpaquePointer
    private let place: String
    /// Whether a command failed without a word from the server: what became of it is unknown, and the session is not used again.
    private var isBroken = false

    /// Connects and signs in, within the options' connect timeout (looking up a name is bounded by the system's resolver).
    ///
    /// - Throws: ``SQLError`` with code `unavailable` or `denied`.
    init(_ address: PostgreSQLAddress, _ options: PostgreSQLOptions) throws {
        place = address.place
        handle = try PostgreSQLSignIn(address, within: options.connectTimeout).session()
        try run(options.sessionSettings)
    }

    deinit {
        PQfinish(handle)
    }

    var isLost: Bool { isBroken || PQstatus(handle) == CONNECTION_BAD }
    /// Connected and outside a transaction.
    var isIdle: Bool { !isLost && PQtransactionStatus(handle) == PQTRANS_IDLE }

    func begin(_ access: SQLAccess) throws {
        switch access {
        case .read: try run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        case .write: try run("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
        }
    }

    func commit() throws {
        // The server answers a COMMIT of a failed transaction with ROLLBACK and no error.
        guard try run("COMMIT") == "COMMIT" else {
            throw SQLError(.other, reason: "\(place): the database undid the change instead of keeping it")
        }
    }

    func rollBack() throws {
        try run("ROLLBACK")
    }

    func execute(_ statement: SQLStatement) throws -> Int {
        try run(statement).changedRows
    }

    func query(_ statement: SQLStatement) throws -> [SQLRow] {
        try run(statement).rows()
    }

    /// To be told from now on what commits announce on `channel`.
    func listen(on channel: String) throws {
        _ = try query(PostgreSQLOptions.patience)
        _ = try execute("LISTEN \(identifier: channel)")
    }

    /// What has been announced and has arrived here; waits for nothing.
    ///
    /// - Throws: ``SQLError`` `connectionLost`.
    func announcements() throws -> [String] {
        guard PQconsumeInput(handle) == 1, !isLost else { throw SQLError.postgreSQLLost(place) }
        var found: [String] = []
        while let notice = PQnotifies(handle) {
            defer { PQfreemem(notice) }
            found.append(notice.pointee.extra.map { String(cString: $0) } ?? "")
        }
        return found
    }

    /// Waits until the server has sent something, or `interruption`, a descriptor, can be read.
    ///
    /// - Returns: whether the server was it.
    func awaitInput(or interruption: CInt) throws -> Bool {
        var wanted = [
            pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0),
            pollfd(fd: interruption, events: Int16(POLLIN), revents: 0),
        ]
        while poll(&wanted, 2, -1) < 0 {
            guard errno == EINTR else { throw SQLError.postgreSQLLost(place) }
        }
        return wanted[1].revents == 0
    }

    /// Runs fixed text without values; several statements are one transaction unless they say otherwise.
    ///
    /// - Returns: the command's tag, such as `COMMIT`.
    @discardableResult
    private func run(_ text: String) throws -> String {
        let answer = PostgreSQLAnswer(PQexec(handle, text))
        guard answer.isSuccess else { throw failure(answer, nil) }
        return answer.tag
    }

    private func run(_ statement: SQLStatement) throws -> PostgreSQLAnswer {
        let parameters = PostgreSQLParameters(try statement.bindableValues())
        guard parameters.count <= 65535 else {
            throw SQLError(.other, reason: "a statement has more values than PostgreSQL takes (65535)")
        }
        let text = statement.text(for: dialect)
        let answer = parameters.withPointers { types, values, lengths, formats in
            PostgreSQLAnswer(
                PQexecParams(handle, text, CInt(parameters.count), types, values, lengths, formats, 0))
        }
        guard answer.isSuccess else { throw failure(answer, statement) }
        return answer
    }

    private func failure(_ answer: PostgreSQLAnswer, _ statement: SQLStatement?) -> SQLError {
        // libpq's own failures have no SQLSTATE; it does not always call the connection bad at once.
        if answer.sqlState == nil { isBroken = true }
        return SQLError.postgreSQL(answer, place, isLost: isLost, statement: statement)
    }
}

/// What the server answered to one command.
final class PostgreSQLAnswer {
    /// Nil when the connection broke or memory ran out.
    private let result: OpaquePointer?

    init(_ result: OpaquePointer?) {
        self.result = result
    }

    deinit {
        PQclear(result)
    }

    var isSuccess: Bool {
        let status = PQresultStatus(result)
        return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK
    }

    /// The command's tag, `UPDATE 3` for instance.
    var tag: String { PQcmdStatus(result).map { String(cString: $0) } ?? "" }

    var changedRows: Int {
        // A query counts its rows here too, but it changes none.
        guard PQresultStatus(result) == PGRES_COMMAND_OK else { return 0 }
        return PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0
    }

    var sqlState: String? { field("C") }
    var constraint: String? { field("n") }
    var table: String? { field("t") }
    var column: String? { field("c") }

    /// A field of the error message by its letter in the protocol (postgres_ext.h, PG_DIAG_…).
    private func field(_ letter: Unicode.Scalar) -> String? {
        PQresultErrorField(result, CInt(letter.value)).map { String(cString: $0) }
    }

    func rows() throws -> [SQLRow] {
        let columns = (0..<PQnfields(result)).map { column in
            PQfname(result, column).map { String(cString: $0) } ?? ""
        }
        let types = (0..<PQnfields(result)).map { PQftype(result, $0) }
        return try (0..<PQntuples(result)).map { row in
            let values = try zip(CInt(0)..., types).map { try value(row, $0, $1) }
            return SQLRow(columns: columns, values: values)
        }
    }

    private func value(_ row: CInt, _ column: CInt, _ type: Oid) throws -> SQLValue {
        guard PQgetisnull(result, row, column) == 0, let start = PQgetvalue(result, row, column) else { return .null }
        let length = Int(PQgetlength(result, row, column))
        let bytes = UnsafeRawBufferPointer(start: start, count: length)
        return try PostgreSQLType(type).value(bytes)
    }
}
