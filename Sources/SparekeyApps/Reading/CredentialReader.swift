import PasswordHashing
import StrictYAML

/// Reads one entry under `credentials`, and holds it against the formats that there are.
struct CredentialReader {
    let formats: CredentialFormats
    let secrets: [Label]

    func needsUsername(_ format: String) -> Bool { formats.named(format)?.needsUsername == true }

    func credential(_ mapping: ProfileMapping) throws -> Credential {
        try mapping.allow("name", "table", "columns", "reads", "writes", "pepper")
        let credential = Credential(
            name: try mapping.sentence("name"), table: try mapping.mapping("table").map(table),
            columns: try columns(mapping), reads: try mapping.sentences("reads"),
            writes: try mapping.mappings("writes").map(written), pepper: try mapping.optionalSentence("pepper"))
        try check(credential, mapping)
        return credential
    }

    private func table(_ mapping: ProfileMapping) throws -> KeyedTable {
        try mapping.allow("name", "key", "only")
        return KeyedTable(
            table: try mapping.identifier("name"), key: try mapping.identifier("key"),
            only: try mapping.mappings("only").map { try ConditionReader.condition($0) })
    }

    private func columns(_ mapping: ProfileMapping) throws -> [StoredCredential.Field: StoredField] {
        guard let columns = try mapping.mapping("columns"), columns.has("hash") else {
            throw mapping.fault("columns", "expected at least the column of the hash", mapping.line)
        }
        return try Dictionary(
            uniqueKeysWithValues: columns.names.map { name, value in
                (StoredCredential.Field(rawValue: name), try field(value, name, columns))
            })
    }

    private func field(_ value: YAMLValue, _ name: String, _ columns: ProfileMapping) throws -> StoredField {
        guard case .mapping = value else {
            return StoredField(column: try columns.identifier(name), encoding: .text)
        }
        let spelled = try ProfileMapping(value, key: columns.path(name))
        try spelled.allow("column", "as")
        return StoredField(
            column: try spelled.identifier("column"), encoding: try spelled.choice("as", StoredField.Encoding.self))
    }

    private func written(_ mapping: ProfileMapping) throws -> WrittenFormat {
        try mapping.allow("format", "cost", "floor", "prefix", "fixed_prefix")
        let format = try format(try mapping.sentence("format"), "format", mapping)
        guard format.canMake else {
            throw mapping.fault(
                "format", "expected a format that can be made, \(format.name) is only verified", mapping.line)
        }
        let cost = try cost("cost", of: format, mapping) ?? format.recommendedCost
        let floor = try self.cost("floor", of: format, mapping) ?? cost
        guard cost.isAtLeast(floor) else {
            throw mapping.fault("floor", "expected no more than the cost, \(cost)", mapping.line)
        }
        let variant = try mapping.optionalSentence("prefix")
        guard variant.map(format.variants.contains) != false else {
            throw mapping.fault("prefix", "expected one of \(format.variants.joined(separator: ", "))", mapping.line)
        }
        let isFixed = try mapping.flag("fixed_prefix")
        guard variant != nil || !isFixed else {
            throw mapping.fault("fixed_prefix", "expected a prefix beside it", mapping.line)
        }
        return WrittenFormat(
            format: format.name, cost: cost, floor: floor, variant: variant, isVariantFixed: isFixed)
    }

    private func cost(
        _ key: String, of format: any CredentialFormat, _ mapping: ProfileMapping
    ) throws -> HashCost? {
        guard mapping.has(key) else { return nil }
        let scalar = try mapping.scalar(key)
        do {
            return try HashCost(of: format, text: scalar.text)
        } catch let error as HashError {
            throw mapping.fault(key, error.reason, scalar.line)
        }
    }

    private func format(
        _ name: String, _ key: String, _ mapping: ProfileMapping
    ) throws -> any CredentialFormat {
        guard let format = formats.named(name) else {
            throw mapping.fault(
                key, "there is no format \(name); expected one that sparekey hash formats shows", mapping.line)
        }
        return format
    }

    private func check(_ credential: Credential, _ mapping: ProfileMapping) throws {
        guard !credential.writes.isEmpty else {
            throw mapping.fault("writes", "expected at least one format", mapping.line)
        }
        if let unread = credential.writes.first(where: { !credential.reads.contains($0.format) }) {
            throw mapping.fault("reads", "expected \(unread.format) too, because it is written", mapping.line)
        }
        for name in credential.reads {
            let format = try format(name, "reads", mapping)
            guard format.fields == Set(credential.columns.keys) else {
                let fields = format.fields.map(\.rawValue).sorted().joined(separator: ", ")
                throw mapping.fault("columns", "expected \(fields), the parts of \(name)", mapping.line)
            }
            guard format.needsPepper == (credential.pepper != nil) else {
                let expected = format.needsPepper ? "expected the label of a secret" : "expected none"
                throw mapping.fault("pepper", "\(expected) with \(name)", mapping.line)
            }
        }
        if let pepper = credential.pepper, !secrets.contains(where: { $0.name == pepper }) {
            throw mapping.fault("pepper", "expected a label that stands under secrets", mapping.line)
        }
    }
}
