/// One column of a table, and what it takes.
public struct SchemaColumn: Sendable, Hashable {
    /// What kind of values it is made for, whatever the database calls it.
    public enum Kind: Sendable {
        case integer
        /// 0 and 1 as integers here, also where the database has a type of its own for truth.
        case boolean
        case real
        /// Exact numbers, as text. In SQLite: the affinity NUMERIC.
        case decimal
        case text
        case blob
        case uuid
        /// Dates, times and both together, as the database's text (UTC where it converts). In SQLite: what the program
        /// wrote, often milliseconds as an integer.
        case timestamp
        case json
        /// Anything else (enumerations, arrays, network addresses …), as the database's text.
        case other
    }

    public let table: TableName
    public let name: String
    /// As the database says it: `varchar(60)`, `timestamp with time zone`; empty where SQLite was told none.
    public let declaredType: String
    public let kind: Kind
    /// The most characters (text) or bytes (binary); nil where the type sets no bound.
    public let length: Int?
    public let isNullable: Bool
    /// An expression of the database, to be shown; nil without a default.
    public let defaultExpression: String?
    /// Whether the database computes it, so that nobody writes it.
    public let isGenerated: Bool
    /// Whether an UPDATE that does not name the column changes it (MariaDB's ON UPDATE CURRENT_TIMESTAMP).
    public let changesWithRow: Bool

    let dialect: SQLDialect
    /// The type's name without length, from the database's own catalogue: for CAST.
    let castType: String
    /// The column's character set and order, where MariaDB has one.
    let collation: Collation?

    struct Collation: Sendable, Hashable {
        let characterSet: String
        let name: String
    }
}

extension SchemaColumn {
    /// `value` in the form that this column keeps, checked against its length and whether it takes NULL.
    ///
    /// A text for a binary column becomes its bytes: the same text stored as TEXT makes programs fail at the sign-in.
    /// Numbers for text columns become digits, truth becomes 0 or 1.
    ///
    /// - Parameter old: the value that is replaced. In SQLite any column may hold any kind, so what a program has written
    ///   there says more than the declared type.
    /// - Throws: ``SQLError`` with code `constraint` or `unexpectedType`, naming the column and never the value.
    public func taking(_ value: SQLValue, like old: SQLValue = .null) throws -> ColumnValue {
        guard !isGenerated else { throw refused(.constraint, "is computed by the database") }
        guard value != .null || isNullable else { throw refused(.constraint, "takes no NULL") }
        let converted = try converted(value, like: old)
        try requireFit(converted)
        return ColumnValue(column: self, value: converted)
    }

    /// A value that was read from this column, as it is.
    public func holding(_ value: SQLValue) -> ColumnValue {
        ColumnValue(column: self, value: value)
    }

    private func converted(_ value: SQLValue, like old: SQLValue) throws -> SQLValue {
        switch (form(like: old), value) {
        case (_, .null): return .null
        case (.blob, .text(let text)): return .blob(Array(text.utf8))
        case (.text, .blob(let bytes)):
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw refused(.unexpectedType, "takes text, and the new value is binary")
            }
            return .text(text)
        case (.text, .integer(let number)), (.uuid, .integer(let number)), (.json, .integer(let number)),
            (.other, .integer(let number)):
            return .text(String(number))
        case (.decimal, .integer(let number)) where dialect != .sqlite: return .text(String(number))
        case (.boolean, .text(let text)) where dialect != .sqlite: return .integer(try truth(text))
        case (.timestamp, .integer) where dialect != .sqlite:
            throw refused(.unexpectedType, "takes a date and time as text, and the new value is a number")
        default: return value
        }
    }

    private func form(like old: SQLValue) -> Kind {
        guard dialect == .sqlite else { return kind }
        switch old {
        case .blob: return .blob
        case .text: return .text
        case .integer, .real: return .integer
        case .null: break
        }
        // Without a declared type the affinity is BLOB too, but programs keep text there.
        if kind == .blob, declaredType.isEmpty { return .other }
        return kind
    }

    private func truth(_ text: String) throws -> Int64 {
        switch text.lowercased() {
        case "1", "true", "t": 1
        case "0", "false", "f": 0
        default: throw refused(.unexpectedType, "takes true or false")
        }
    }

    /// SQLite does not keep to the length that it was told.
    private func requireFit(_ value: SQLValue) throws {
        guard dialect != .sqlite, let length else { return }
        switch value {
        case .text(let text) where text.unicodeScalars.count > length:
            throw refused(.constraint, "takes \(length) characters, and the new value has more")
        case .blob(let bytes) where bytes.count > length:
            throw refused(.constraint, "takes \(length) bytes, and the new value has more")
        default: return
        }
    }

    private func refused(_ code: SQLError.Code, _ why: String) -> SQLError {
        SQLError(code, reason: "column \(name) of \(table) \(why)")
    }
}
