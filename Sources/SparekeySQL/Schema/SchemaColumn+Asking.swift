// What is asked of a column by a function or an operator of the database.
//
// PostgreSQL takes the function or operator whose types fit best, from any schema of the search path: beside a column of
// type varchar, somebody's public.lower(varchar) wins over the database's own lower(text), and would run with the rights of
// whoever asks (CVE-2018-1058). So there every one is named with its schema.

extension SchemaColumn {
    /// Whether the column's text, in lower case as the database makes it, is exactly `text`. Goes without an index in general.
    ///
    /// Beyond ASCII, SQLite has no lower case. MariaDB's column order, which takes `u` for `ü` and ignores blanks at the end,
    /// is left out of it.
    public func isLowercased(_ text: String) -> SQLStatement {
        let name: SQLStatement = "\(identifier: name)"
        switch dialect {
        case .sqlite: return "lower(\(part: name)) = \(text)"
        case .postgreSQL:
            return "pg_catalog.lower(CAST(\(part: name) AS pg_catalog.text)) OPERATOR(pg_catalog.=) \(text)"
        case .mariaDB:
            return "CAST(LOWER(CONVERT(\(part: name) USING utf8mb4)) AS BINARY) = CAST(\(text) AS BINARY)"
        }
    }

    /// The value's first `count` characters, or bytes of a binary one.
    public func prefix(_ count: Int) -> SQLStatement {
        let number = SQLStatement(stringLiteral: String(count))
        guard dialect == .postgreSQL else { return "substr(\(identifier: name), 1, \(part: number))" }
        return "pg_catalog.substr(\(part: plain), 1, \(part: number))"
    }

    /// Whether the value begins with `text`, which has `count` characters or, in a binary column, bytes.
    public func begins(_ text: SQLValue, count: Int) -> SQLStatement {
        "\(part: prefix(count))\(part: equals)\(text)"
    }

    /// Whether the text has `text` in it.
    public func contains(_ text: String) -> SQLStatement {
        guard dialect == .postgreSQL else {
            return "replace(\(identifier: name), \(text), '') <> \(identifier: name)"
        }
        return "pg_catalog.strpos(CAST(\(identifier: name) AS pg_catalog.text), \(text)) OPERATOR(pg_catalog.>) 0"
    }

    /// Between a value of the column and one of its own type.
    var equals: SQLStatement {
        // An extension's type (citext) has its own.
        isNative ? .equals(dialect) : " = "
    }

    /// Types of an extension (citext) take a text only by a cast.
    var isNative: Bool {
        kind != .text || ["text", "character varying", "bpchar", "name"].contains(castType)
    }

    private var plain: SQLStatement {
        kind == .blob ? "\(identifier: name)" : "CAST(\(identifier: name) AS pg_catalog.text)"
    }
}

extension SQLStatement {
    /// Between two values of one of the database's own types.
    public static func equals(_ dialect: SQLDialect) -> SQLStatement {
        dialect == .postgreSQL ? " OPERATOR(pg_catalog.=) " : " = "
    }
}
