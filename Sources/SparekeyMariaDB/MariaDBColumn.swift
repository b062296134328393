import CMariaDB
internal import SparekeySQL

/// One column of an answer: in which form it is asked for, and what its bytes mean.
struct MariaDBColumn {
    private enum Form {
        case signed
        case unsigned
        case real
        case bits
        case text
        case blob
    }

    private let form: Form
    /// How many bytes the longest value takes.
    let capacity: Int

    init(_ field: MYSQL_FIELD, longest: UInt) {
        form = Self.form(field)
        // A number or date that is asked for as a text may be longer than it is on the wire.
        capacity = max(Int(clamping: longest), 64)
    }

    var type: enum_field_types {
        switch form {
        case .signed, .unsigned: MYSQL_TYPE_LONGLONG
        case .real: MYSQL_TYPE_DOUBLE
        case .bits, .blob: MYSQL_TYPE_BLOB
        case .text: MYSQL_TYPE_STRING
        }
    }

    var isUnsigned: Bool { form == .unsigned }

    func value(_ bytes: UnsafeRawBufferPointer) -> SQLValue {
        switch form {
        case .signed: return .integer(bytes.loadUnaligned(as: Int64.self))
        case .unsigned:
            let number = bytes.loadUnaligned(as: UInt64.self)
            return Int64(exactly: number).map(SQLValue.integer) ?? .text(String(number))
        case .real: return .real(bytes.loadUnaligned(as: Double.self))
        case .bits: return .integer(Int64(bitPattern: bytes.reduce(0) { $0 << 8 | UInt64($1) }))
        case .text: return .text(String(decoding: bytes, as: UTF8.self))
        case .blob: return .blob(Array(bytes))
        }
    }

    private static func form(_ field: MYSQL_FIELD) -> Form {
        switch field.type {
        case MYSQL_TYPE_TINY, MYSQL_TYPE_SHORT, MYSQL_TYPE_INT24, MYSQL_TYPE_LONG, MYSQL_TYPE_LONGLONG, MYSQL_TYPE_YEAR:
            return field.flags & UInt32(UNSIGNED_FLAG) != 0 ? .unsigned : .signed
        case MYSQL_TYPE_FLOAT, MYSQL_TYPE_DOUBLE: return .real
        case MYSQL_TYPE_BIT: return .bits
        case MYSQL_TYPE_STRING, MYSQL_TYPE_VAR_STRING, MYSQL_TYPE_VARCHAR, MYSQL_TYPE_TINY_BLOB, MYSQL_TYPE_BLOB,
            MYSQL_TYPE_MEDIUM_BLOB, MYSQL_TYPE_LONG_BLOB, MYSQL_TYPE_GEOMETRY:
            // 63 is the character set "binary".
            return field.charsetnr == 63 ? .blob : .text
        default: return .text
        }
    }
}

/// Where libmariadb puts the values of one row after the other.
final class MariaDBRow {
    private let columns: [MariaDBColumn]
    private let buffers: [UnsafeMutableRawBufferPointer]
    private let lengths: UnsafeMutableBufferPointer<UInt>
    private let nulls: UnsafeMutableBufferPointer<my_bool>

    init(_ columns: [MariaDBColumn]) {
        self.columns = columns
        buffers = columns.map { .allocate(byteCount: $0.capacity, alignment: 8) }
        lengths = .allocate(capacity: columns.count)
        lengths.initialize(repeating: 0)
        nulls = .allocate(capacity: columns.count)
        nulls.initialize(repeating: 0)
    }

    deinit {
        for buffer in buffers { buffer.deallocate() }
        lengths.deallocate()
        nulls.deallocate()
    }

    /// libmariadb copies the binds and keeps the addresses of this object's buffers.
    func withBinds(_ use: (UnsafeMutablePointer<MYSQL_BIND>?) throws -> Void) rethrows {
        var binds = columns.indices.map { index in
            var bind = MYSQL_BIND()
            bind.buffer_type = columns[index].type
            bind.buffer = buffers[index].baseAddress
            bind.buffer_length = UInt(buffers[index].count)
            bind.length = lengths.baseAddress?.advanced(by: index)
            bind.is_null = nulls.baseAddress?.advanced(by: index)
            bind.is_unsigned = columns[index].isUnsigned ? 1 : 0
            return bind
        }
        try binds.withUnsafeMutableBufferPointer { try use($0.baseAddress) }
    }

    func values() throws -> [SQLValue] {
        try columns.indices.map { index in
            if nulls[index] != 0 { return .null }
            guard lengths[index] <= UInt(buffers[index].count) else {
                throw SQLError(.other, reason: "the MariaDB server sent a value that is longer than announced")
            }
            return columns[index].value(UnsafeRawBufferPointer(rebasing: buffers[index][..<Int(lengths[index])]))
        }
    }
}
