import SparekeySQL

/// Holds a profile against a schema.
struct SchemaComparison {
    let schema: FoundSchema
    private(set) var mismatches: [ProfileFit.Mismatch] = []
    private(set) var notes: [String] = []

    init(schema: FoundSchema) {
        self.schema = schema
    }

    mutating func compare(_ profile: Profile) {
        guard profile.databases.contains(schema.kind) else {
            let kinds = profile.databases.map(\.words).joined(separator: " or ")
            return report(nil, nil, "it is \(schema.kind.words)", "\(kinds), where \(profile.title) keeps its accounts")
        }
        let parts = profile.accounts.flatMap(\.needs)
        guard !(parts.isEmpty && profile.marks.isEmpty) else {
            return report(nil, nil, "the profile names no table", "at least one that tells the program from others")
        }
        for mark in profile.marks where !schema.names.contains(mark) {
            report(mark, nil, missing(table: mark), "a table, as \(profile.title) has it")
        }
        for place in profile.accounts {
            for part in place.needs { compare(part, of: place) }
            if case .document(let path) = place.store {
                notes.append("accounts in the file \(path) were not looked at")
            }
        }
        var seen: Set<String> = []
        for table in parts.compactMap(\.writes) where seen.insert(table).inserted { noteWriting(to: table) }
    }

    private mutating func compare(_ part: NeededPart, of place: AccountPlace) {
        if part.mayBeMissing, let absent = part.columns.first(where: { column($0) == nil }) {
            let name = schema.tables[absent.table] == nil ? absent.table : "\(absent.table).\(absent.column)"
            return notes.append("\(name) is not in this version: the step \(part.purpose) is left out")
        }
        for need in part.columns where !isReported(need) { compare(need, of: place) }
    }

    private mutating func compare(_ need: ColumnNeed, of place: AccountPlace) {
        let expected = "\(need.form.words), for \(need.use)"
        guard let table = schema.tables[need.table] else {
            return report(need.table, nil, missing(table: need.table), "a table, for \(need.use)")
        }
        if table.table.kind != .table, need.isWritten || need.isKey {
            return report(need.table, nil, "it is a view or a table of another place", "an ordinary table")
        }
        guard let column = table.column(need.column) else {
            return report(need.table, need.column, "there is no such column", expected)
        }
        if !need.form.accepts(column, in: schema.dialect, account: account(need, place)) {
            report(need.table, need.column, "its type is \(column.declaredType.prefix(60))", expected)
        } else if need.isWritten, column.isGenerated {
            report(need.table, need.column, "the database computes it", "a column that can be written, for \(need.use)")
        } else if need.takesNull, !column.isNullable {
            report(need.table, need.column, "it takes no NULL", "a column that does, for \(need.use)")
        } else if need.isKey, !table.isUnique(need.column) {
            report(need.table, need.column, "several rows may have one value", "a key of its own, for \(need.use)")
        }
    }

    private func column(_ need: ColumnNeed) -> SchemaColumn? {
        schema.tables[need.table]?.column(need.column)
    }

    /// The column of the accounts' table that `need` has to be like.
    private func account(_ need: ColumnNeed, _ place: AccountPlace) -> SchemaColumn? {
        guard case .same(let name) = need.form, case .table(let home) = place.store else { return nil }
        return schema.tables[home]?.column(name)
    }

    private func missing(table: String) -> String {
        guard let place = schema.elsewhere[table] else { return "there is no such table" }
        return "it lies in the schema \(place.prefix(60)), where this user does not look (search_path)"
    }

    private func isReported(_ need: ColumnNeed) -> Bool {
        mismatches.contains { $0.table == need.table && ($0.column == nil || $0.column == need.column) }
    }

    private mutating func noteWriting(to name: String) {
        guard let table = schema.tables[name] else { return }
        if !table.triggers.isEmpty {
            let names = table.triggers.prefix(10).map { String($0.name.prefix(60)) }.joined(separator: ", ")
            let more = table.triggers.count > 10 ? " and \(table.triggers.count - 10) more" : ""
            notes.append("\(name) has triggers that a reset may set off: \(names)\(more)")
        }
        if !table.table.isTransactional {
            notes.append("\(name) keeps no transactions: what a reset wrote there stays, should a later step fail")
        }
    }

    private mutating func report(_ table: String?, _ column: String?, _ found: String, _ expected: String) {
        mismatches.append(ProfileFit.Mismatch(table: table, column: column, found: found, expected: expected))
    }
}

extension FoundSchema.Table {
    fileprivate func isUnique(_ column: String) -> Bool {
        keys.contains { $0.columns == [column] && !$0.isPartial }
    }
}
