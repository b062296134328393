import StrictYAML

/// Reads one entry under `accounts`.
struct AccountPlaceReader {
    let credentials: CredentialReader

    func place(_ mapping: ProfileMapping) throws -> AccountPlace {
        try mapping.allow(
            "table", "document", "file", "id", "find", "only", "shows", "role", "states", "refuse", "credentials",
            "must_change",
            "on_reset")
        let place = AccountPlace(
            store: try store(mapping), id: try mapping.identifier("id"), lookups: try lookups(mapping),
            only: try mapping.mappings("only").map { try ConditionReader.condition($0) },
            identity: try identity(mapping), role: try mapping.mapping("role").map(role),
            states: try mapping.mappings("states").map(state), refusals: try mapping.mappings("refuse").map(refusal),
            credentials: try mapping.mappings("credentials").map(credentials.credential),
            mustChange: try mapping.mapping("must_change").map(mustChange),
            effects: try mapping.mappings("on_reset").map(SideEffectReader.effect))
        try check(place, mapping)
        return place
    }

    private func store(_ mapping: ProfileMapping) throws -> AccountPlace.Store {
        let named = ["table", "document", "file"].filter(mapping.has)
        guard named.count == 1 else {
            throw mapping.fault("table", "expected one of table, document and file", mapping.line)
        }
        if let file = try mapping.mapping("file") { return .file(try DocumentFormReader.form(file)) }
        guard mapping.has("document") else { return .table(try mapping.identifier("table")) }
        let path = try mapping.sentence("document")
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard !parts.contains(where: { ["", ".", ".."].contains($0) }) else {
            throw mapping.fault(
                "document", "expected a path below the folder of the database, without . and ..",
                try mapping.scalar("document").line)
        }
        return .document(path: path)
    }

    private func lookups(_ mapping: ProfileMapping) throws -> [Lookup] {
        let lookups = try mapping.mappings("find").map { lookup in
            try lookup.allow("table", "column", "compare")
            let rows = try ConditionReader.rows(lookup)
            guard rows == nil || rows?.key != nil else {
                throw lookup.fault("table.key", "is missing; expected the column that names the account", lookup.line)
            }
            return Lookup(
                column: try lookup.identifier("column"), comparison: try lookup.choice("compare", NameComparison.self),
                rows: rows)
        }
        guard !lookups.isEmpty else {
            throw mapping.fault("find", "expected at least one column that people name themselves by", mapping.line)
        }
        return lookups
    }

    private func identity(_ mapping: ProfileMapping) throws -> Identity {
        guard let shows = try mapping.mapping("shows") else {
            throw mapping.fault("shows", "is missing; expected username, email or name", mapping.line)
        }
        try shows.allow("username", "email", "name")
        let identity = Identity(
            username: try shows.optionalIdentifier("username"), email: try shows.optionalIdentifier("email"),
            name: try shows.identifiers("name"))
        guard identity.username != nil || identity.email != nil else {
            throw shows.fault("username", "expected a username or an email", shows.line)
        }
        return identity
    }

    private func role(_ mapping: ProfileMapping) throws -> Role {
        try mapping.allow("table", "column", "admin", "contains")
        let test: Condition.Test =
            mapping.has("contains") && !mapping.has("admin")
            ? .contains(try ConditionReader.part("contains", mapping))
            : .isOneOf(try ConditionReader.values("admin", mapping))
        return Role(
            condition: Condition(
                column: try mapping.identifier("column"), test: test, rows: try ConditionReader.rows(mapping)))
    }

    private func state(_ mapping: ProfileMapping) throws -> AccountState {
        try mapping.allow("table", "column", "is", "is_not", "begins", "contains", "blocks", "say")
        return AccountState(
            condition: try ConditionReader.test(mapping), blocks: try mapping.flag("blocks"),
            say: try mapping.sentence("say"))
    }

    private func refusal(_ mapping: ProfileMapping) throws -> AccountRefusal {
        try mapping.allow(
            "table", "column", "is", "is_not", "begins", "contains", "can_be_confirmed", "reason", "way_out")
        return AccountRefusal(
            condition: try ConditionReader.test(mapping), canBeConfirmed: try mapping.flag("can_be_confirmed"),
            refusal: Refusal(reason: try mapping.sentence("reason"), wayOut: try mapping.sentence("way_out")))
    }

    private func mustChange(_ mapping: ProfileMapping) throws -> MustChangeFlag {
        try mapping.allow("column", "on", "off")
        return MustChangeFlag(
            column: try mapping.identifier("column"), on: try ConditionReader.value("on", mapping),
            off: try ConditionReader.value("off", mapping))
    }

    private func check(_ place: AccountPlace, _ mapping: ProfileMapping) throws {
        guard !place.credentials.isEmpty else {
            throw mapping.fault("credentials", "expected at least one", mapping.line)
        }
        if place.store.form != nil, !place.staysInItsRow {
            throw mapping.fault(
                "document", "expected no other table for an account that lives in a file", mapping.line)
        }
        var seen: Set<String> = []
        if let twice = place.writtenColumns.first(where: { !seen.insert($0).inserted }) {
            throw mapping.fault("on_reset", "expected \(twice) to be written once", mapping.line)
        }
        guard let inHash = place.credentials.flatMap(\.writes).first(where: { credentials.needsUsername($0.format) })
        else { return }
        guard place.identity.username != nil else {
            throw mapping.fault("shows", "expected a username: it is part of \(inHash.format)", mapping.line)
        }
    }
}

extension AccountPlace {
    /// The columns of the account's own row that a reset writes, the flag included.
    public var writtenColumns: [String] {
        let own: [String] = credentials.filter { $0.table == nil }.flatMap { $0.columns.values.map(\.column).sorted() }
        let set: [String] = effects.flatMap { effect -> [String] in
            if case .set(let assignments) = effect.change { assignments.map(\.column) } else { [] }
        }
        return own + (mustChange.map { [$0.column] } ?? []) + set
    }

    fileprivate var staysInItsRow: Bool {
        credentials.allSatisfy { $0.table == nil }
            && effects.allSatisfy { if case .set = $0.change { true } else { false } }
            && lookups.allSatisfy { $0.rows == nil } && asked.allSatisfy { $0.rows == nil }
    }
}

/// Reads conditions and the constants in them.
enum ConditionReader {
    static func condition(_ mapping: ProfileMapping) throws -> Condition {
        try mapping.allow("column", "is", "is_not", "begins", "contains")
        return try test(mapping)
    }

    /// The rows of another table that are asked, where the mapping names some.
    static func rows(_ mapping: ProfileMapping) throws -> OtherRows? {
        guard let table = try mapping.mapping("table") else { return nil }
        try table.allow("name", "key", "only")
        return OtherRows(
            table: try table.identifier("name"), key: try table.optionalIdentifier("key"),
            only: try table.mappings("only").map { try condition($0) })
    }

    /// The same where other keys stand beside it.
    static func test(_ mapping: ProfileMapping) throws -> Condition {
        let words = ["is", "is_not", "begins", "contains"].filter { mapping.has($0) }
        let test: Condition.Test =
            switch words {
            case ["is"]: .isOneOf(try values("is", mapping))
            case ["is_not"]: .isNoneOf(try values("is_not", mapping))
            case ["begins"]: .begins(try mapping.scalar("begins").text)
            case ["contains"]: .contains(try part("contains", mapping))
            default: throw mapping.fault("is", "expected one of is, is_not, begins and contains", mapping.line)
            }
        return Condition(column: try mapping.identifier("column"), test: test, rows: try rows(mapping))
    }

    static func part(_ name: String, _ mapping: ProfileMapping) throws -> String {
        let scalar = try mapping.scalar(name)
        guard (1...400).contains(scalar.text.utf8.count) else {
            throw mapping.fault(name, "expected a text", scalar.line)
        }
        return scalar.text
    }

    /// One constant, or a list of them.
    static func values(_ name: String, _ mapping: ProfileMapping) throws -> [StoredValue] {
        guard case .list(let values, let line)? = mapping.value(name) else { return [try value(name, mapping)] }
        guard !values.isEmpty else { throw mapping.fault(name, "expected at least one value", line) }
        return try values.map { try constant($0) { mapping.fault(name, $0, $1) } }
    }

    static func value(_ name: String, _ mapping: ProfileMapping) throws -> StoredValue {
        guard let value = mapping.value(name) else { throw mapping.fault(name, "is missing", mapping.line) }
        return try constant(value) { mapping.fault(name, $0, $1) }
    }

    /// Unquoted `null`, `true`, `false` and whole numbers are what they look like; everything else is text.
    static func constant(_ value: YAMLValue, _ fault: (String, Int) -> ProfileFault) throws -> StoredValue {
        guard case .scalar(let scalar) = value, scalar.text.utf8.count <= 400 else {
            throw fault("expected null, true, false, a number or a text", value.line)
        }
        if scalar.isNull { return .null }
        if scalar.isQuoted { return .text(scalar.text) }
        if let truth = Bool(scalar.text) { return .bool(truth) }
        if let number = Int64(scalar.text), String(number) == scalar.text { return .integer(number) }
        return .text(scalar.text)
    }
}
