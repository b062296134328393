import PasswordHashing
import SparekeySQL

/// A few rows of a table, held while they are looked at. Never leaves the transaction; nothing of it is shown.
struct TableSample {
    /// By the column's name, a value a row.
    let values: [String: [SQLValue]]
    let rows: Int

    /// So many rows are read, of so many columns, and no longer values than a password's.
    static let mostRows = 100
    private static let mostColumns = 120
    private static let mostBytes = 4_096

    /// One question, bounded in rows and in the length of each value.
    init(_ table: FoundSchema.Table, _ connection: any SQLConnection) throws {
        let columns = Array(table.columns.filter { Self.isRead($0, connection.dialect) }.prefix(Self.mostColumns))
        guard !columns.isEmpty else {
            (values, rows) = ([:], 0)
            return
        }
        let parts = columns.enumerated().map { number, column -> SQLStatement in
            "\(part: Self.bounded(column, connection.dialect)) AS \(identifier: "v\(number)")"
        }
        let found = try connection.query(
            """
            SELECT \(part: .joined(parts, by: ", ")) FROM \(table: table.table.name)
            LIMIT \(part: .number(Self.mostRows))
            """)
        var values: [String: [SQLValue]] = [:]
        for (number, column) in columns.enumerated() { values[column.name] = found.map { $0.values[number] } }
        (self.values, rows) = (values, found.count)
    }

    /// A column's texts with something in them, by row.
    func texts(_ column: String) -> [String?] {
        (values[column] ?? []).map { value in
            guard let text = value.credentialText, !text.isEmpty else { return nil }
            return text
        }
    }

    /// SQLite keeps values of any kind in any column.
    private static func isRead(_ column: SchemaColumn, _ dialect: SQLDialect) -> Bool {
        dialect == .sqlite || [.text, .blob, .integer, .boolean, .other].contains(column.kind)
    }

    /// Asks for the length first: a long value is not loaded for it, be it a gigabyte (SQLite reads the length of a BLOB
    /// from the row's header, PostgreSQL from the pointer to it).
    private static func bounded(_ column: SchemaColumn, _ dialect: SQLDialect) -> SQLStatement {
        let name: SQLStatement = "\(identifier: column.name)"
        let most = SQLStatement.number(mostBytes)
        switch (dialect, column.kind) {
        case (.sqlite, _), (.mariaDB, .text), (.mariaDB, .blob):
            return "CASE WHEN LENGTH(\(part: name)) <= \(part: most) THEN \(part: name) END"
        case (.postgreSQL, .text):
            return "CASE WHEN octet_length(CAST(\(part: name) AS text)) <= \(part: most) THEN \(part: name) END"
        case (.postgreSQL, .blob):
            return "CASE WHEN octet_length(\(part: name)) <= \(part: most) THEN \(part: name) END"
        case (.postgreSQL, .other):
            return "SUBSTR(CAST(\(part: name) AS text), 1, \(part: most))"
        default: return name
        }
    }
}
