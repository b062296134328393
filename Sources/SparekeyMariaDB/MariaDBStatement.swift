import CMariaDB
internal import SparekeySQL

/// One prepared statement, from preparing it to reading its answer. Every failure is a ``MariaDBFailure``.
final class MariaDBStatement {
    private let pointer: UnsafeMutablePointer<MYSQL_STMT>

    init(_ handle: UnsafeMutablePointer<MYSQL>, _ text: String) throws {
        guard let pointer = mysql_stmt_init(handle) else { throw MariaDBFailure(handle) }
        self.pointer = pointer
        // The longest value of each column is wanted with the answer, so that its buffer can be made.
        var isWanted = CChar(1)
        mysql_stmt_attr_set(pointer, STMT_ATTR_UPDATE_MAX_LENGTH, &isWanted)
        // Ends the statement by deinit when it is refused: all properties are set.
        try check(mysql_stmt_prepare(pointer, text, UInt(text.utf8.count)))
    }

    deinit {
        mysql_stmt_close(pointer)
    }

    func execute(_ values: [SQLValue]) throws {
        guard mysql_stmt_param_count(pointer) == UInt(values.count) else {
            throw SQLError(.other, reason: "a statement has another number of values than of places for them")
        }
        try MariaDBParameters(values).withBinds { binds in
            if !values.isEmpty { try check(CInt(mysql_stmt_bind_param(pointer, binds))) }
            try check(mysql_stmt_execute(pointer))
        }
    }

    /// A query changes none.
    var changedRows: Int {
        mysql_stmt_field_count(pointer) > 0 ? 0 : Int(clamping: mysql_stmt_affected_rows(pointer))
    }

    func rows() throws -> [SQLRow] {
        guard let description = mysql_stmt_result_metadata(pointer) else { return [] }
        defer { mysql_free_result(description) }
        try check(mysql_stmt_store_result(pointer))
        let fields = (0..<mysql_num_fields(description)).map { mysql_fetch_field_direct(description, $0).pointee }
        let names = fields.map { String(cString: $0.name) }
        // The longest values are known to the statement's own description only.
        let longest = (0..<fields.count).map { pointer.pointee.fields[$0].max_length }
        let row = MariaDBRow(zip(fields, longest).map { MariaDBColumn($0, longest: $1) })
        try row.withBinds { try check(CInt(mysql_stmt_bind_result(pointer, $0))) }
        var rows: [SQLRow] = []
        while try fetch() { rows.append(SQLRow(columns: names, values: try row.values())) }
        return rows
    }

    private func fetch() throws -> Bool {
        switch mysql_stmt_fetch(pointer) {
        case 0: return true
        case MYSQL_NO_DATA: return false
        case MYSQL_DATA_TRUNCATED:
            throw SQLError(.other, reason: "the MariaDB server sent a value that is longer than announced")
        default: throw MariaDBFailure(pointer)
        }
    }

    private func check(_ outcome: CInt) throws {
        guard outcome == 0 else { throw MariaDBFailure(pointer) }
    }
}
