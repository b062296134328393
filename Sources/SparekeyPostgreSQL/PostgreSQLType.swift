import CPostgres
internal import SparekeySQL

/// A type of PostgreSQL by its number in pg_type.dat, and how its text form is read.
struct PostgreSQLType: Equatable {
    let oid: Oid

    init(_ oid: Oid) {
        self.oid = oid
    }

    /// The server finds out from the statement.
    static let unknown = PostgreSQLType(0)
    static let bool = PostgreSQLType(16)
    static let bytea = PostgreSQLType(17)
    static let int8 = PostgreSQLType(20)
    static let int2 = PostgreSQLType(21)
    static let int4 = PostgreSQLType(23)
    static let text = PostgreSQLType(25)
    static let oid = PostgreSQLType(26)
    static let float4 = PostgreSQLType(700)
    static let float8 = PostgreSQLType(701)

    /// Types without a storage class of their own (numeric, uuid, json, timestamps …) stay the text the server sent.
    func value(_ text: UnsafeRawBufferPointer) throws -> SQLValue {
        switch self {
        case .bool: .integer(text.first == UInt8(ascii: "t") ? 1 : 0)
        case .int2, .int4, .int8, .oid: .integer(try number(text) { Int64($0) })
        case .float4, .float8: .real(try number(text) { Double($0) })
        case .bytea: .blob(try unhex(text))
        default: .text(String(decoding: text, as: UTF8.self))
        }
    }

    private func number<Number>(_ text: UnsafeRawBufferPointer, _ read: (String) -> Number?) throws -> Number {
        guard let number = read(String(decoding: text, as: UTF8.self)) else { throw unreadable() }
        return number
    }

    /// `\x` and two digits a byte (bytea_output = hex).
    private func unhex(_ text: UnsafeRawBufferPointer) throws -> [UInt8] {
        guard text.starts(with: "\\x".utf8), text.count.isMultiple(of: 2) else { throw unreadable() }
        return try stride(from: 2, to: text.count, by: 2).map { offset in
            guard let high = digit(text[offset]), let low = digit(text[offset + 1]) else { throw unreadable() }
            return high << 4 | low
        }
    }

    private func digit(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
        default: nil
        }
    }

    private func unreadable() -> SQLError {
        SQLError(.unexpectedType, reason: "the PostgreSQL server sent a value that does not fit its type (oid \(oid))")
    }
}
