import SparekeySQL

extension Migration {
    /// Finds audit rows by what they say, and counts resets. The indexes are of the rows' own text, so that nothing beside a
    /// row can say something else than the row does; a text that is not ours is in none of them.
    static let auditSearch = Migration(number: 7) { type in
        [
            "CREATE INDEX audit_account ON audit ((\(part: type.auditField(.account))), sequence)",
            "CREATE INDEX audit_actor ON audit ((\(part: type.auditField(.by))), sequence)",
            "CREATE INDEX audit_action ON audit ((\(part: type.auditField(.action))), sequence)",
            """
            CREATE INDEX audit_outcome ON audit ((\(part: type.auditField(.outcome))), sequence)
            WHERE (\(part: type.auditField(.outcome))) <> 'done'
            """,
            """
            CREATE INDEX reset_counted ON reset (settled_at)
            WHERE state = 'done' AND undoes IS NULL AND proof <> 'currentPassword'
            """,
        ]
    }
}

/// A field of an audit row's text that rows are found by.
enum AuditField: Sendable {
    case account, by, action, outcome
}

extension ColumnTypes {
    /// The expression that the index of a field holds: a query that uses the same one is answered by the index. Within a
    /// value every quotation mark has a backslash before it, so that only keys are found.
    func auditField(_ field: AuditField) -> SQLStatement {
        let (mark, length): (SQLStatement, SQLStatement) =
            switch field {
            case .account: ("'\"account\":\"'", "11")
            case .by: ("'\"by\":\"'", "6")
            case .action: ("'\"action\":\"'", "10")
            case .outcome: ("'\"outcome\":\"'", "11")
            }
        return isSQLite ? Self.cut(mark, length) : Self.split(mark)
    }

    /// SQLite's own JSON functions are not to be had where a schema is not trusted.
    private static func cut(_ mark: SQLStatement, _ length: SQLStatement) -> SQLStatement {
        let rest: SQLStatement = "substr(row, instr(row, \(part: mark)) + \(part: length))"
        return """
            CASE WHEN typeof(row) = 'text' AND instr(row, \(part: mark)) > 0
            THEN substr(\(part: rest), 1, instr(\(part: rest), '"') - 1) END
            """
    }

    /// No cast to JSON: a text that somebody put there may be none. No regular expression either, which cost as much as the rest
    /// of a row's writing. Cut off, so that it is never longer than what an index takes.
    private static func split(_ mark: SQLStatement) -> SQLStatement {
        "NULLIF(left(split_part(split_part(row, \(part: mark), 2), '\"', 1), 64), '')"
    }
}
