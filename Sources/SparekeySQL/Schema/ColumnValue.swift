/// A value together with the column it belongs to, so that it is written and compared in the form that the column needs.
///
///     let hash = try column.taking(.text(text), like: old)
///     "UPDATE \(table: table) SET \(part: hash.assignment) WHERE \(part: key.stillStands) AND \(part: before.stillStands)"
public struct ColumnValue: Sendable, Hashable {
    public let column: SchemaColumn
    public let value: SQLValue

    /// `"column" = value`, for SET.
    public var assignment: SQLStatement {
        let converted = converted
        return "\(identifier: column.name) = \(part: converted)"
    }

    /// Whether the row holds exactly this: byte for byte, with NULL equal to NULL, whatever order or folding the column
    /// has. Does not use an index everywhere: name the row by ``found`` or its key beside it.
    public var stillStands: SQLStatement {
        let name: SQLStatement = "\(identifier: column.name)"
        guard value != .null else { return name + " IS NULL" }
        switch column.dialect {
        case .sqlite: return "\(part: name) COLLATE BINARY IS \(value)"
        case .postgreSQL: return exactPostgreSQL(name)
        case .mariaDB: return exactMariaDB(name)
        }
    }

    /// Whether the row is found by this value as the program would find it: by the column's own order and folding, with
    /// its index. Several rows may be.
    public var found: SQLStatement {
        let name: SQLStatement = "\(identifier: column.name)"
        guard value != .null else { return name + " IS NULL" }
        if case .text = value, let collation = column.collation {
            // Otherwise a text with characters that the column cannot hold is an error (1267) instead of no match.
            let set = SQLStatement(stringLiteral: collation.characterSet)
            let order = SQLStatement(stringLiteral: collation.name)
            return "\(part: name) = CONVERT(\(value) USING \(part: set)) COLLATE \(part: order)"
        }
        guard column.dialect == .postgreSQL else { return "\(part: name) = \(part: converted)" }
        // An enumeration's own equality is one for all of them, which somebody's own for this one would go before.
        if column.kind == .other { return exactPostgreSQL(name) }
        return "\(part: name)\(part: column.equals)\(part: column.kind == .text ? cast : converted)"
    }

    /// The bound value, cast where PostgreSQL would not assign it otherwise.
    private var converted: SQLStatement {
        guard column.dialect == .postgreSQL, value != .null else { return "\(value)" }
        switch column.kind {
        case .integer, .real, .text, .blob: return column.isNative ? "\(value)" : cast
        // There is no cast from bigint, which is what an integer travels as.
        case .boolean: return "CAST(CAST(\(value) AS integer) AS boolean)"
        default: return cast
        }
    }

    /// The type's name comes from the server's own catalogue, quoted there (format_type).
    private var cast: SQLStatement {
        "CAST(\(value) AS \(part: SQLStatement(stringLiteral: column.castType)))"
    }

    private func exactPostgreSQL(_ name: SQLStatement) -> SQLStatement {
        let equals = SQLStatement.equals(.postgreSQL)
        return switch (column.kind, value) {
        case (.boolean, _): "\(part: name)\(part: equals)\(part: converted)"
        case (_, .integer), (_, .blob): "\(part: name)\(part: equals)\(value)"
        case (_, .real): "\(part: name)\(part: equals)\(part: cast)"
        // Padded with blanks, which a cast to text takes away and an answer does not.
        case _ where column.castType == "bpchar": "\(part: name) COLLATE \"C\"\(part: equals)\(part: cast)"
        default: "CAST(\(part: name) AS pg_catalog.text) COLLATE \"C\"\(part: equals)\(value)"
        }
    }

    /// A comparison of texts would follow the column's order, which takes `A` for `a` and ignores blanks at the end.
    private func exactMariaDB(_ name: SQLStatement) -> SQLStatement {
        guard case .text = value else { return "\(part: name) = \(value)" }
        return "CAST(CONVERT(\(part: name) USING utf8mb4) AS BINARY) = CAST(\(value) AS BINARY)"
    }
}
