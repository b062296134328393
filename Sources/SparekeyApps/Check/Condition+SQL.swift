import SparekeySQL

extension FoundSchema.Table {
    /// All of `conditions`, on columns that were checked.
    func all(_ conditions: [Condition]) -> SQLStatement {
        let parts = conditions.map { condition in
            guard let column = column(condition.column) else {
                preconditionFailure("the column \(condition.column) was checked")
            }
            return condition.holds(on: column)
        }
        return parts.isEmpty ? "1 = 1" : .joined(parts, by: " AND ")
    }
}

extension Condition {
    func holds(on column: SchemaColumn) -> SQLStatement {
        func anyOf(_ values: [StoredValue]) -> SQLStatement {
            .joined(values.map { $0.found(in: column) }, by: " OR ")
        }
        switch test {
        case .isOneOf(let values): return "(\(part: anyOf(values)))"
        // NULL is none of the values unless it is named.
        case .isNoneOf(let values): return "CASE WHEN \(part: anyOf(values)) THEN 0 ELSE 1 END = 1"
        case .begins(let text):
            return column.begins(.text(text), count: text.unicodeScalars.count)
        case .contains(let text): return column.contains(text)
        }
    }
}

extension OtherRows {
    /// That one of these rows, in `table`, is of the account that stands in a row of `home`, and `condition` holds on it.
    func exist(
        _ condition: SQLStatement, in table: FoundSchema.Table, of home: FoundSchema.Table, id: String,
        _ dialect: SQLDialect
    ) -> SQLStatement {
        let mine: SQLStatement? = key.map {
            "\(table: table.table.name).\(identifier: $0)\(part: .equals(dialect))\(table: home.table.name).\(identifier: id)"
        }
        let parts = [mine, table.all(only), condition].compactMap(\.self)
        return "EXISTS (SELECT 1 FROM \(table: table.table.name) WHERE \(part: .joined(parts, by: " AND ")))"
    }
}

extension StoredValue {
    /// Whether the column holds it. SQLite tells text from bytes, and programs keep text in columns of bytes.
    func found(in column: SchemaColumn) -> SQLStatement {
        let found = column.holding(sqlValue(for: column)).found
        guard case .text(let text) = self, column.kind == .blob else { return found }
        return "(\(part: found) OR \(part: column.holding(.text(text)).found))"
    }

    func sqlValue(for column: SchemaColumn) -> SQLValue {
        // One that the column cannot hold equals none of its values.
        (try? column.taking(plain))?.value ?? plain
    }

    /// Truth as 0 or 1.
    var plain: SQLValue {
        switch self {
        case .null: .null
        case .bool(let truth): .integer(truth ? 1 : 0)
        case .integer(let number): .integer(number)
        case .text(let text): .text(text)
        }
    }
}

extension SQLStatement {
    static func joined(_ parts: [SQLStatement], by separator: SQLStatement) -> SQLStatement {
        parts.dropFirst().reduce(parts.first ?? "") { $0 + separator + $1 }
    }

    static func number(_ number: Int) -> SQLStatement {
        SQLStatement(stringLiteral: String(number))
    }
}
