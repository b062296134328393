import FoundationEssentials
import PasswordHashing
import Sparekey
import SparekeySQL

/// A table that holds accounts, inside one transaction whose schema fits the profile.
struct AccountTable {
    let place: AccountPlace
    let home: FoundSchema.Table
    let schema: FoundSchema
    let connection: any SQLConnection

    /// A row of it, with what the profile asks about it.
    struct Row {
        let id: String
        /// By the column's name.
        let values: [String: SQLValue]
        let isAdministrator: Bool
        let states: [AccountState]
        let refusals: [AccountRefusal]

        func text(_ column: String?) -> String? {
            column.flatMap { values[$0]?.credentialText }.flatMap { $0.isEmpty ? nil : $0 }
        }
    }

    /// The id of the account that a person means by `name`, as the program would find it.
    ///
    /// - Parameter alike: asks everything in any case, so that who is found by the first question is found no sooner than
    ///   nobody (SEC-4). A program without an index for one of the questions has all its rows read then.
    /// - Throws: ``RecoveryError`` `ambiguous` when several accounts have the name.
    func find(_ name: String, alike: Bool = false) throws -> String? {
        guard !name.isEmpty, !name.utf8.contains(0) else { return nil }
        var found: (lookup: Lookup, rows: [SQLRow])?
        for lookup in place.lookups {
            for condition in conditions(of: lookup, name) where found == nil || alike {
                let rows = try connection.query(
                    """
                    SELECT \(identifier: place.id) AS id FROM \(table: home.table.name)
                    WHERE \(part: condition) AND \(part: home.all(place.only)) LIMIT 2
                    """)
                if found == nil, !rows.isEmpty { found = (lookup, rows) }
            }
        }
        guard let found, let row = found.rows.first else { return nil }
        guard found.rows.count < 2 else { throw ambiguous(found.lookup) }
        return Self.idText(row["id"])
    }

    /// The id of whichever account comes first; nil in an empty table.
    func anyID() throws -> String? {
        try connection.query(
            """
            SELECT \(identifier: place.id) AS id FROM \(table: home.table.name)
            WHERE \(part: home.all(place.only)) LIMIT 1
            """
        ).first.flatMap { Self.idText($0["id"]) }
    }

    /// - Parameter lock: keeps others from changing the row until the transaction ends.
    func row(_ id: String, lock: Bool = false) throws -> Row? {
        let columns = wantedColumns
        let conditions = administrators + place.states.map(\.condition) + place.refusals.map(\.condition)
        let values = columns.enumerated().map { number, name -> SQLStatement in
            "\(identifier: name) AS \(identifier: "v\(number)")"
        }
        let tests = conditions.enumerated().map { number, condition -> SQLStatement in
            "CASE WHEN \(part: holds(condition)) THEN 1 ELSE 0 END AS \(identifier: "c\(number)")"
        }
        // A lock of SQLite's writer is on the whole database already.
        let suffix: SQLStatement = lock && connection.dialect != .sqlite ? " FOR UPDATE" : ""
        let found = try connection.query(
            """
            SELECT \(part: .joined(values + tests, by: ", ")) FROM \(table: home.table.name)
            WHERE \(part: isAccount(id)) LIMIT 2
            """ + suffix)
        guard let row = found.first, found.count == 1 else { return nil }
        let held = try conditions.indices.map { try row.bool("c\($0)") }
        let (states, refusals) = (administrators.count, administrators.count + place.states.count)
        return Row(
            id: id, values: Dictionary(uniqueKeysWithValues: columns.enumerated().map { ($1, row["v\($0)"]) }),
            isAdministrator: held.prefix(states).contains(true),
            states: place.states.indices.filter { held[states + $0] }.map { place.states[$0] },
            refusals: place.refusals.indices.filter { held[refusals + $0] }.map { place.refusals[$0] })
    }

    /// What is stored now in the columns that a reset writes; by ``WrittenColumn/name``.
    ///
    /// - Throws: ``RecoveryError`` `notAllowed` where a row that should hold a password is not there once.
    func read(_ row: Row) throws -> [String: Sparekey.StoredValue] {
        var found: [String: Sparekey.StoredValue] = [:]
        for written in written where written.keyed == nil {
            found[written.name] = row.values[written.column.name]?.stored ?? .null
        }
        for keyed in keyedTables {
            let columns = written.filter { $0.keyed == keyed }
            let names = columns.map { SQLStatement("\(identifier: $0.column.name)") }
            let rows = try connection.query(
                """
                SELECT \(part: .joined(names, by: ", ")) FROM \(table: table(keyed.table).table.name)
                WHERE \(part: belongs(keyed, to: row.id)) LIMIT 2
                """)
            guard let values = rows.first, rows.count == 1 else { throw noRow(keyed, rows.count) }
            for (column, value) in zip(columns, values.values) { found[column.name] = value.stored }
        }
        return found
    }

    /// Every column that a reset writes; a step that this version of the program lacks is left out.
    var written: [WrittenColumn] {
        let credentials = place.credentials.flatMap { credential in
            let owner = credential.table.map { table($0.table) } ?? home
            return credential.columns.sorted { $0.key.rawValue < $1.key.rawValue }.map { part, field in
                WrittenColumn(
                    name: WrittenColumn.name(owner.table.name.name, field.column), keyed: credential.table,
                    target: .column(column(field.column, of: owner)),
                    content: .credential(credential, part: part, encoding: field.encoding))
            }
        }
        let flag = place.mustChange.map { own($0.column, .flag($0)) }
        return credentials + [flag].compactMap(\.self) + stamps
    }

    var keyedTables: [KeyedTable] {
        place.credentials.compactMap(\.table).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    func isAccount(_ id: String) -> SQLStatement {
        let key = column(place.id)
        return row(key, id, in: home, place.only)
    }

    func belongs(_ keyed: KeyedTable, to id: String) -> SQLStatement {
        let owner = table(keyed.table)
        return row(column(keyed.key, of: owner), id, in: owner, keyed.only)
    }

    private func row(
        _ key: SchemaColumn, _ id: String, in table: FoundSchema.Table, _ only: [Condition]
    ) -> SQLStatement {
        guard let value = idValue(id, key) else { return "1 = 0" }
        let found = key.holding(value).found
        return only.isEmpty ? found : "\(part: found) AND \(part: table.all(only))"
    }

    func table(_ name: String) -> FoundSchema.Table {
        guard let table = schema.tables[name] else { preconditionFailure("the table \(name) was checked") }
        return table
    }

    func column(_ name: String, of table: FoundSchema.Table? = nil) -> SchemaColumn {
        guard let column = (table ?? home).column(name) else { preconditionFailure("the column \(name) was checked") }
        return column
    }

    /// Whether this version of the program has all that the step names.
    func has(_ effect: SideEffect) -> Bool {
        !effect.mayBeMissing
            || place.columns(of: effect).allSatisfy { schema.tables[$0.table]?.column($0.column) != nil }
    }
}

extension AccountTable {
    private var administrators: [Condition] {
        [place.role?.condition].compactMap(\.self)
    }

    /// Of the account's own row, or of rows elsewhere that are the account's.
    private func holds(_ condition: Condition) -> SQLStatement {
        guard let rows = condition.rows else { return condition.holds(on: column(condition.column)) }
        let other = table(rows.table)
        return rows.exist(
            condition.holds(on: column(condition.column, of: other)), in: other, of: home, id: place.id,
            connection.dialect)
    }

    private func conditions(of lookup: Lookup, _ name: String) -> [SQLStatement] {
        guard let rows = lookup.rows else { return lookup.conditions(name, column(lookup.column)) }
        let other = table(rows.table)
        return lookup.conditions(name, column(lookup.column, of: other)).map {
            rows.exist($0, in: other, of: home, id: place.id, connection.dialect)
        }
    }

    private var stamps: [WrittenColumn] {
        place.effects.filter(has).flatMap { effect -> [WrittenColumn] in
            guard case .set(let assignments) = effect.change else { return [] }
            return assignments.map { own($0.column, .stamp($0.value)) }
        }
    }

    /// Each once: who the account is, what is written, and by what other tables name it.
    private var wantedColumns: [String] {
        let identity = [place.identity.username, place.identity.email].compactMap(\.self) + place.identity.name
        let others = place.effects.filter(has).flatMap { place.columns(of: $0) }
        let named = others.filter { $0.table == home.table.name.name }.map(\.column)
        let all = identity + written.filter { $0.keyed == nil }.map(\.column.name) + named
        return all.reduce(into: [place.id]) { if !$0.contains($1) { $0.append($1) } }
    }

    private func own(_ name: String, _ content: WrittenColumn.Content) -> WrittenColumn {
        WrittenColumn(
            name: WrittenColumn.name(home.table.name.name, name), keyed: nil, target: .column(column(name)),
            content: content)
    }

    /// A key as text: a number in decimal, bytes in hexadecimal.
    private static func idText(_ value: SQLValue) -> String? {
        if case .blob(let bytes) = value { return bytes.hexadecimal }
        return value.credentialText
    }

    /// Nil for what no row can have in a column of that kind: MariaDB takes `9x` for 9, and PostgreSQL compares no such things.
    /// In SQLite any column holds anything, and takes a text for the number that it looks like.
    private func idValue(_ text: String, _ column: SchemaColumn) -> SQLValue? {
        let value: SQLValue? =
            switch column.kind {
            case .integer, .boolean: Self.integer(text)
            case .blob where !column.declaredType.isEmpty: [UInt8](hexadecimal: text).map(SQLValue.blob)
            case .uuid: UUID(uuidString: text).map { _ in .text(text) }
            default: .text(text)
            }
        let isNumber = Double(text.filter { !$0.isWhitespace }) != nil
        return value ?? (connection.dialect == .sqlite && !isNumber ? .text(text) : nil)
    }

    /// Spelled as databases spell it; MariaDB's unsigned ones can be beyond what an integer holds here.
    private static func integer(_ text: String) -> SQLValue? {
        if let number = Int64(text) { return String(number) == text ? .integer(number) : nil }
        return UInt64(text).map(String.init) == text ? .text(text) : nil
    }

    private func ambiguous(_ lookup: Lookup) -> RecoveryError {
        RecoveryError(
            .ambiguous, reason: "several accounts in the table \(home.table.name.name) have that \(lookup.column)",
            hint: "nothing was changed; name the account by something that it has alone")
    }

    private func noRow(_ keyed: KeyedTable, _ count: Int) -> RecoveryError {
        RecoveryError(
            .notAllowed,
            reason: count == 0
                ? "the account has no password: the table \(keyed.table) has no row for it"
                : "the table \(keyed.table) has several passwords for the account",
            hint: "nothing was changed; set the first password in the program itself")
    }
}

extension Lookup {
    /// What finds the row, the cheapest and narrowest first.
    fileprivate func conditions(_ name: String, _ column: SchemaColumn) -> [SQLStatement] {
        func exactly(_ text: String) -> SQLStatement {
            let value = column.holding(.text(text))
            return "\(part: value.found) AND \(part: value.stillStands)"
        }
        let lower = name.lowercased()
        switch comparison {
        case .exact: return [exactly(name)]
        case .lower: return [exactly(lower)]
        case .firstUpper: return [exactly(name.prefix(1).uppercased() + name.dropFirst())]
        case .anyCase:
            // Whoever types it as it stands means that one; otherwise two that differ in case alone are ambiguous.
            return [exactly(name), column.isLowercased(lower)]
        }
    }
}
