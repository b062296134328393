import PasswordHashing
import SparekeySQL

/// A column that seems to hold passwords, and what its values say.
struct FoundCredential {
    /// One format that occurs.
    struct Stored {
        let format: any CredentialFormat
        let rows: Int
        /// The commonest, and the least.
        let cost: HashCost?
        let least: HashCost?
        let variant: String?
    }

    let columns: [StoredCredential.Field: StoredField]
    /// Those that can be written first, then the commonest; all of the same fields.
    let formats: [Stored]
    /// Rows with a value that could be a password's.
    let values: Int
    let emptyRows: Int
    let hasNull: Bool
    /// By the column's name alone: 50, 25 or 0.
    let nameScore: Int

    var hashColumn: String { columns[.hash]?.column ?? "" }
    var readable: Int { formats.reduce(0) { $0 + $1.rows } }

    /// The sync key of an Anki server, which is made of name and password.
    var isHostKey: Bool { formats.first?.format.needsUsername == true }

    /// Whether nearly all values are of known formats; half of them where the name says that they are passwords, since
    /// programs keep old rows as they were.
    var isReadable: Bool { Self.isEnough(readable, of: values, nameScore) }

    static func isEnough(_ readable: Int, of values: Int, _ nameScore: Int) -> Bool {
        readable > 0 && readable * 10 >= values * (nameScore == 50 ? 5 : 8)
    }

    var score: Int {
        if isReadable { return nameScore == 50 ? 60 : nameScore == 25 ? 40 : 25 }
        return nameScore == 50 ? (values == 0 ? 25 : 20) : 0
    }
}

/// Finds columns with passwords in a table, by names and by what lies in them. Does no hashing.
struct CredentialSearch {
    let table: FoundSchema.Table
    let sample: TableSample
    private let formats = CredentialFormats.standard

    init(_ table: FoundSchema.Table, _ sample: TableSample) {
        self.table = table
        self.sample = sample
    }

    /// The likeliest first.
    var found: [FoundCredential] {
        table.columns.filter(isPossible).compactMap(credential).filter { $0.score > 0 }.sorted { $0.score > $1.score }
    }

    private func isPossible(_ column: SchemaColumn) -> Bool {
        sample.values[column.name] != nil && !column.isGenerated && ![.integer, .boolean].contains(column.kind)
    }

    private func credential(_ column: SchemaColumn) -> FoundCredential? {
        let nameScore = ColumnMeaning(column.name).password
        let texts = sample.texts(column.name)
        let values = texts.indices.filter { texts[$0].map(Self.couldBePassword) == true }
        let hostKeys = hostKeys(column, texts, values)
        if nameScore == 0, hostKeys.isEmpty, !isTelling(texts, values) { return nil }
        let joint = nameScore > 0 ? jointly(column, values, nameScore) : nil
        let fields = joint?.fields ?? [.hash: field(column)]
        let stored = joint?.stored ?? (hostKeys.isEmpty ? alone(texts, values) : hostKeys)
        return FoundCredential(
            columns: fields, formats: stored, values: values.count,
            emptyRows: sample.rows - texts.compactMap(\.self).count,
            hasNull: sample.values[column.name]?.contains(.null) == true, nameScore: nameScore)
    }

    /// Whether a column without a telling name is worth asking every format about.
    private func isTelling(_ texts: [String?], _ values: [Int]) -> Bool {
        let first = values.prefix(3).compactMap { texts[$0] }
        return !first.isEmpty && first.allSatisfy { HashFormats.standard.identify($0) != nil }
    }

    /// Forty hexadecimal digits can be anything; in a column of that name they are one thing.
    private func hostKeys(_ column: SchemaColumn, _ texts: [String?], _ values: [Int]) -> [FoundCredential.Stored] {
        guard NameWords(column.name).joined == "hkey" else { return [] }
        let found = values.compactMap { index -> (String, HashParameters?)? in
            let value = StoredCredential(hash: texts[index] ?? "")
            guard let format = formats.identify(value, among: ["anki-hkey"]) else { return nil }
            return (format.name, try? format.parameters(of: value))
        }
        return stored(found)
    }

    /// Formats whose one text tells them.
    private func alone(_ texts: [String?], _ values: [Int]) -> [FoundCredential.Stored] {
        let found = values.compactMap { index -> (String, HashParameters?)? in
            guard let text = texts[index], let format = HashFormats.standard.identify(text) else { return nil }
            return (format.name, try? format.parameters(of: text))
        }
        return stored(found)
    }

    /// Formats of several columns: where a salt lies beside the hash, both together say more than the hash alone.
    private func jointly(
        _ column: SchemaColumn, _ values: [Int], _ nameScore: Int
    ) -> (fields: [StoredCredential.Field: StoredField], stored: [FoundCredential.Stored])? {
        guard !values.isEmpty else { return nil }
        let beside = companions(of: column)
        let all = formats.all.filter { $0.fields.count > 1 && $0.fields.isSubset(of: Set(beside.keys)) }
        for fields in Set(all.map(\.fields)).sorted(by: { $0.count > $1.count }) {
            let columns = beside.filter { fields.contains($0.key) }
            let names = all.filter { $0.fields == fields }.map(\.name)
            let found = values.compactMap { index -> (String, HashParameters?)? in
                let value = StoredCredential(
                    columns.reduce(into: [:]) { $0[$1.key] = sample.values[$1.value.name]?[index].credentialText })
                guard let format = formats.identify(value, among: names) else { return nil }
                return (format.name, try? format.parameters(of: value))
            }
            if FoundCredential.isEnough(found.count, of: values.count, nameScore) {
                return (columns.mapValues(field), stored(found))
            }
        }
        return nil
    }

    private func companions(of column: SchemaColumn) -> [StoredCredential.Field: SchemaColumn] {
        var beside: [StoredCredential.Field: SchemaColumn] = [.hash: column]
        for other in table.columns where other.name != column.name && sample.values[other.name] != nil {
            let meaning = ColumnMeaning(other.name)
            if meaning.isSalt { beside[.salt] = beside[.salt] ?? other }
            if meaning.isAlgorithm { beside[.algorithm] = beside[.algorithm] ?? other }
            if meaning.isIterations { beside[.iterations] = beside[.iterations] ?? other }
        }
        return beside
    }

    private func stored(_ found: [(String, HashParameters?)]) -> [FoundCredential.Stored] {
        Dictionary(grouping: found, by: \.0).compactMap { name, values -> FoundCredential.Stored? in
            guard let format = formats.named(name) else { return nil }
            let parameters = values.compactMap(\.1)
            return FoundCredential.Stored(
                format: format, rows: values.count, cost: Self.commonest(parameters.map(\.cost)),
                least: parameters.map(\.cost).min { !$0.isAtLeast($1) },
                variant: Self.commonest(parameters.compactMap(\.variant)))
        }.sorted { left, right in
            // What can be written comes first: among several forms it is what the program has moved to.
            guard left.format.canMake == right.format.canMake else { return left.format.canMake }
            return (left.rows, right.format.name) > (right.rows, left.format.name)
        }
    }

    private func field(_ column: SchemaColumn) -> StoredField {
        let values = sample.values[column.name] ?? []
        let isBytes = column.kind == .blob && !column.declaredType.isEmpty
        let holdsBytes = isBytes || values.contains { if case .blob = $0 { true } else { false } }
        let holdsNumbers = values.contains { if case .integer = $0 { true } else { false } }
        return StoredField(column: column.name, encoding: holdsBytes ? .bytes : holdsNumbers ? .integer : .text)
    }

    private static func commonest<Value: Hashable>(_ values: [Value]) -> Value? {
        Dictionary(grouping: values) { $0 }.max { ($0.value.count, "\($1.key)") < ($1.value.count, "\($0.key)") }?.key
    }

    /// Programs mark an account without a password by a word such as `!` or `x`.
    private static func couldBePassword(_ text: String) -> Bool {
        // Bytes that are no text.
        if text == "\u{FFFD}" { return true }
        return (13...2_048).contains(text.utf8.count) && !text.hasPrefix("!") && !text.hasPrefix("*")
    }
}
