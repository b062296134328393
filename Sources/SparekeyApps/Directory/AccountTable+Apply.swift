import Sparekey
import SparekeySQL

/// One statement of a reset in a program's database.
struct RowChange {
    let table: String
    let statement: SQLStatement
    /// Counts the rows that it touches.
    let count: SQLStatement
    /// `the new password`, `to end sessions`.
    let purpose: String
    /// Whether it decides: exactly one row, or nothing at all.
    let isDecisive: Bool
}

extension AccountTable {
    /// Everything that a reset does to the account of `row`, in order: made alike for the preview and for the deed.
    ///
    /// - Parameters:
    ///   - new: by ``WrittenColumn/name``; columns that are not in it stay.
    ///   - old: what has to stand in them.
    func changes(_ row: Row, to new: StoredColumns, expecting old: StoredColumns) -> [RowChange] {
        let password = passwordChanges(row, to: new, expecting: old)
        let others = place.effects.filter(has).compactMap { change($0, row) }
        // Without transactions what was done stays: the password comes last, so that whatever fails or is cut off before it
        // leaves the old one, and nobody believes that sessions have ended which have not.
        let keepsAll = (password + others).allSatisfy { isTransactional($0.table) }
        return keepsAll ? password + others : others + password
    }

    /// Those of ``changes(_:to:expecting:)`` that decide.
    func passwordChanges(_ row: Row, to new: StoredColumns, expecting old: StoredColumns) -> [RowChange] {
        let own = update(
            home, written.filter { $0.keyed == nil }, isAccount(row.id), new, old)
        let others = keyedTables.compactMap { keyed in
            update(table(keyed.table), written.filter { $0.keyed == keyed }, belongs(keyed, to: row.id), new, old)
        }
        return [own].compactMap(\.self) + others
    }

    /// Carries them out. Call ``requireKept(_:of:)`` once every table has been written.
    ///
    /// - Parameter traces: notes where the password was written for good.
    func apply(
        _ row: Row, to new: StoredColumns, expecting old: StoredColumns, noting traces: WrittenForGood
    ) throws -> ApplyOutcome {
        for change in changes(row, to: new, expecting: old) {
            let changed = try execute(change, noting: traces)
            if change.isDecisive, changed != 1 { return .changedMeanwhile }
        }
        return .applied
    }

    /// Reads back what was written.
    ///
    /// - Throws: ``RecoveryError`` `notVerified` when the database kept something else.
    func requireKept(_ new: StoredColumns, of row: Row) throws {
        guard let after = try self.row(row.id) else { throw notKept() }
        let kept = StoredColumns(try read(after))
        let mine = place.decisiveColumns.intersection(new.values.keys)
        guard kept.agrees(with: new, in: mine) else { throw notKept() }
    }

    private func execute(_ change: RowChange, noting traces: WrittenForGood) throws -> Int {
        guard change.isDecisive, !isTransactional(change.table) else { return try connection.execute(change.statement) }
        do {
            let changed = try connection.execute(change.statement)
            if changed > 0 { traces.note(change.table) }
            return changed
        } catch {
            // A trigger that runs after the change may be what failed.
            traces.note(change.table)
            throw error
        }
    }

    private func update(
        _ table: FoundSchema.Table, _ columns: [WrittenColumn], _ key: SQLStatement, _ new: StoredColumns,
        _ old: StoredColumns
    ) -> RowChange? {
        let changed = columns.filter { new.values[$0.name] != nil }
        guard !changed.isEmpty else { return nil }
        let assignments = changed.map { $0.column.holding(SQLValue(new[$0.name])).assignment }
        let conditions = changed.map { $0.column.holding(SQLValue(old[$0.name])).stillStands }
        let name = table.table.name
        return RowChange(
            table: name.name,
            statement: """
                UPDATE \(table: name) SET \(part: .joined(assignments, by: ", "))
                WHERE \(part: key) AND \(part: .joined(conditions, by: " AND "))
                """,
            count: "SELECT COUNT(*) AS number FROM \(table: name) WHERE \(part: key)",
            purpose: "to set the new password",
            isDecisive: true)
    }

    private func change(_ effect: SideEffect, _ row: Row) -> RowChange? {
        switch effect.change {
        case .set: return nil
        case .delete(let name, let terms):
            guard let rows = rows(of: name, terms, row) else { return nil }
            let other = table(name).table.name
            return RowChange(
                table: name, statement: "DELETE FROM \(table: other) WHERE \(part: rows)",
                count: "SELECT COUNT(*) AS number FROM \(table: other) WHERE \(part: rows)",
                purpose: effect.purpose.words, isDecisive: false)
        case .update(let name, let assignments, let terms):
            guard let rows = rows(of: name, terms, row) else { return nil }
            let other = table(name)
            let values = assignments.compactMap { assignment -> SQLStatement? in
                let column = column(assignment.column, of: other)
                return (try? assignment.value.made(for: .column(column))).map { column.holding($0).assignment }
            }
            return RowChange(
                table: name,
                statement:
                    "UPDATE \(table: other.table.name) SET \(part: .joined(values, by: ", ")) WHERE \(part: rows)",
                count: "SELECT COUNT(*) AS number FROM \(table: other.table.name) WHERE \(part: rows)",
                purpose: effect.purpose.words, isDecisive: false)
        }
    }

    /// Nil where the account has no value by which rows could belong to it.
    private func rows(of name: String, _ terms: [RowTerm], _ row: Row) -> SQLStatement? {
        let other = table(name)
        var conditions: [SQLStatement] = []
        for term in terms {
            let column = column(term.column, of: other)
            switch term.value {
            case .constant(let constant): conditions.append(column.holding(constant.sqlValue(for: column)).found)
            case .account(let named, let comparison):
                guard let value = row.values[named], value != .null else { return nil }
                conditions.append(column.compared(value, comparison))
            }
        }
        return .joined(conditions, by: " AND ")
    }

    private func notKept() -> RecoveryError {
        RecoveryError(
            .notVerified, reason: "the program's database did not keep what was written",
            hint: (isTransactional(home.table.name.name) ? "nothing was changed" : "the old password is back")
                + "; look for triggers on the table \(home.table.name.name): --dry-run shows them")
    }
}

extension SchemaColumn {
    fileprivate func compared(_ value: SQLValue, _ comparison: NameComparison) -> SQLStatement {
        switch (comparison, value) {
        case (.lower, .text(let text)): holding(.text(text.lowercased())).found
        case (.anyCase, .text(let text)): isLowercased(text.lowercased())
        default: holding((try? taking(value))?.value ?? value).found
        }
    }
}
