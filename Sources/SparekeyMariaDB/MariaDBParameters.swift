import CMariaDB
internal import SparekeySQL

/// Bound values as mysql_stmt_bind_param wants them: numbers as themselves, texts in utf8mb4, blobs as they are.
struct MariaDBParameters {
    private let values: [SQLValue]

    init(_ values: [SQLValue]) {
        self.values = values
    }

    /// The binds are valid until `use` returns; the statement is executed inside it.
    func withBinds(_ use: (UnsafeMutablePointer<MYSQL_BIND>?) throws -> Void) throws {
        var bytes: [UInt8] = []
        var starts: [Int] = []
        for value in values {
            // Numbers are read where they are, so each begins at a multiple of 8.
            bytes += [UInt8](repeating: 0, count: (8 - bytes.count % 8) % 8)
            starts.append(bytes.count)
            bytes += Self.bytes(value)
        }
        // An empty array has no address.
        let all = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count + 8, alignment: 8)
        defer { all.deallocate() }
        all.copyBytes(from: bytes)
        var binds = zip(values, starts).map { value, start in
            var bind = MYSQL_BIND()
            bind.buffer_type = Self.type(value)
            bind.buffer = all.baseAddress?.advanced(by: start)
            bind.length_value = UInt(Self.bytes(value).count)
            bind.buffer_length = bind.length_value
            return bind
        }
        try binds.withUnsafeMutableBufferPointer { try use($0.baseAddress) }
    }

    private static func type(_ value: SQLValue) -> enum_field_types {
        switch value {
        case .null: MYSQL_TYPE_NULL
        case .integer: MYSQL_TYPE_LONGLONG
        case .real: MYSQL_TYPE_DOUBLE
        case .text: MYSQL_TYPE_STRING
        case .blob: MYSQL_TYPE_BLOB
        }
    }

    private static func bytes(_ value: SQLValue) -> [UInt8] {
        switch value {
        case .null: []
        case .integer(let number): withUnsafeBytes(of: number) { Array($0) }
        case .real(let number): withUnsafeBytes(of: number) { Array($0) }
        case .text(let text): Array(text.utf8)
        case .blob(let blob): blob
        }
    }
}
