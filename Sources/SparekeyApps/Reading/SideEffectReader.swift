import StrictYAML

/// Reads one entry under `on_reset`.
enum SideEffectReader {
    static func effect(_ mapping: ProfileMapping) throws -> SideEffect {
        try mapping.allow("purpose", "set", "update", "delete_from", "where", "may_be_missing")
        return SideEffect(
            purpose: try mapping.choice("purpose", SideEffect.Purpose.self), change: try change(mapping),
            mayBeMissing: try mapping.flag("may_be_missing"))
    }

    private static func change(_ mapping: ProfileMapping) throws -> SideEffect.Change {
        switch (mapping.has("set"), mapping.has("update"), mapping.has("delete_from")) {
        case (true, false, false):
            guard !mapping.has("where") else {
                throw mapping.fault("where", "expected none: set changes the account's own row", mapping.line)
            }
            return .set(try assignments(mapping))
        case (true, true, false):
            return .update(
                table: try mapping.identifier("update"), try assignments(mapping), where: try terms(mapping))
        case (false, false, true):
            return .delete(table: try mapping.identifier("delete_from"), where: try terms(mapping))
        default:
            throw mapping.fault("set", "expected set, update with set, or delete_from", mapping.line)
        }
    }

    private static func assignments(_ mapping: ProfileMapping) throws -> [Assignment] {
        guard let set = try mapping.mapping("set"), !set.names.isEmpty else {
            throw mapping.fault("set", "expected columns and what they become", mapping.line)
        }
        return try set.names.map { name, value in
            Assignment(column: try column(name, set, value.line), value: try newValue(value, name, set))
        }
    }

    private static func newValue(_ value: YAMLValue, _ name: String, _ set: ProfileMapping) throws -> NewValue {
        guard case .mapping = value else {
            return .constant(try ConditionReader.constant(value) { set.fault(name, $0, $1) })
        }
        let spelled = try ProfileMapping(value, key: set.path(name))
        try spelled.allow("now", "random", "bytes")
        guard spelled.has("now") != spelled.has("random") else {
            throw spelled.fault("now", "expected either now or random", spelled.line)
        }
        guard spelled.has("random") else { return .now(try spelled.choice("now", NewValue.TimeSpelling.self)) }
        let spelling = try spelled.choice("random", NewValue.RandomSpelling.self)
        let bytes = try spelled.number("bytes", 8...128) ?? 16
        guard spelling != .uuid || bytes == 16 else {
            throw spelled.fault("bytes", "expected none, a uuid has 16", spelled.line)
        }
        return .random(spelling, bytes: bytes)
    }

    private static func terms(_ mapping: ProfileMapping) throws -> [RowTerm] {
        let conditions = try mapping.mapping("where")
        let terms = try conditions?.names.map { name, value in
            let fault = { (what: String, line: Int) in mapping.fault("where", what, line) }
            let column = try column(name, mapping, value.line)
            guard case .mapping = value else {
                return RowTerm(column: column, value: .constant(try ConditionReader.constant(value, fault)))
            }
            let account = try ProfileMapping(value, key: mapping.path("where.\(name)"))
            try account.allow("account", "compare")
            let comparison = account.has("compare") ? try account.choice("compare", NameComparison.self) : .exact
            return RowTerm(
                column: column, value: .account(column: try account.identifier("account"), comparison))
        }
        let namesAccount = terms?.contains { if case .account = $0.value { true } else { false } } == true
        guard let terms, namesAccount else {
            throw mapping.fault(
                "where", "expected a column that equals one of the account's, or rows of everybody would be changed",
                mapping.line)
        }
        return terms
    }

    private static func column(_ name: String, _ mapping: ProfileMapping, _ line: Int) throws -> String {
        let scalar = YAMLScalar(text: name, isQuoted: true, line: line)
        return try ProfileMapping.identifier(scalar) { mapping.fault(printable(name), $0, $1) }
    }
}
