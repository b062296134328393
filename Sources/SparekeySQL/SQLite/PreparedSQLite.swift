import GRDBSQLite

/// A prepared statement of SQLite: values in, values out.
struct PreparedSQLite {
    let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) {
        self.pointer = pointer
    }

    /// Whether it leaves the database as it is.
    var isReadOnly: Bool { sqlite3_stmt_readonly(pointer) != 0 }

    /// False when SQLite refuses a value, or when the statement has another number of places.
    func bind(_ values: [SQLValue]) -> Bool {
        guard sqlite3_bind_parameter_count(pointer) == CInt(values.count) else { return false }
        return zip(CInt(1)..., values).allSatisfy { bind($1, at: $0) == SQLITE_OK }
    }

    /// Ends the statement and forgets its values, which would otherwise stay in memory with the cached statement.
    func reset() {
        sqlite3_reset(pointer)
        sqlite3_clear_bindings(pointer)
    }

    var columnNames: [String] {
        (0..<sqlite3_column_count(pointer)).map { index in
            sqlite3_column_name(pointer, index).map { String(cString: $0) } ?? ""
        }
    }

    /// The values of the current row.
    var values: [SQLValue] {
        (0..<sqlite3_column_count(pointer)).map(value(at:))
    }

    private func bind(_ value: SQLValue, at index: CInt) -> CInt {
        // SQLite copies what it is given (SQLITE_TRANSIENT, sqlite3.h).
        let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        switch value {
        case .null: return sqlite3_bind_null(pointer, index)
        case .integer(let number): return sqlite3_bind_int64(pointer, index, number)
        case .real(let number): return sqlite3_bind_double(pointer, index, number)
        case .text(let text):
            return sqlite3_bind_text(pointer, index, text, CInt(clamping: text.utf8.count), copied)
        case .blob(let bytes):
            // A null address binds NULL, and an empty array may have one.
            guard !bytes.isEmpty else { return sqlite3_bind_zeroblob(pointer, index, 0) }
            return sqlite3_bind_blob(pointer, index, bytes, CInt(clamping: bytes.count), copied)
        }
    }

    private func value(at index: CInt) -> SQLValue {
        switch sqlite3_column_type(pointer, index) {
        case SQLITE_INTEGER: .integer(sqlite3_column_int64(pointer, index))
        case SQLITE_FLOAT: .real(sqlite3_column_double(pointer, index))
        case SQLITE_TEXT: .text(String(decoding: bytes(sqlite3_column_text(pointer, index), index), as: UTF8.self))
        case SQLITE_BLOB: .blob(Array(bytes(sqlite3_column_blob(pointer, index), index)))
        default: .null
        }
    }

    /// The length is asked for after the value: the other way round SQLite may convert the value in between.
    private func bytes(_ start: UnsafePointer<UInt8>?, _ index: CInt) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(pointer, index)))
    }

    private func bytes(_ start: UnsafeRawPointer?, _ index: CInt) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(pointer, index)))
    }
}
