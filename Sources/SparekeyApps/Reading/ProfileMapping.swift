import StrictYAML

/// A mapping of a profile's document: hands out what stands behind its keys in the shape that is expected, or says where
/// and what it should have been.
struct ProfileMapping {
    let line: Int
    private let key: String
    private let members: [YAMLMember]

    /// - Parameter key: the way to the mapping, dotted; empty for the document itself.
    init(_ value: YAMLValue, key: String) throws {
        guard case .mapping(let members, let line) = value else {
            throw ProfileFault(value.line, key, "expected keys and values")
        }
        self.key = key
        self.members = members
        self.line = line
    }

    func fault(_ name: String, _ what: String, _ line: Int) -> ProfileFault {
        ProfileFault(line, path(name), what)
    }

    /// Throws for any key that is not one of `names`.
    func allow(_ names: String...) throws { try allow(names) }

    func allow(_ names: [String]) throws {
        guard let other = members.first(where: { !names.contains($0.key) }) else { return }
        throw fault(
            printable(other.key), "there is no such key; expected one of \(names.joined(separator: ", "))", other.line)
    }

    func has(_ name: String) -> Bool { value(name) != nil }

    var names: [(name: String, value: YAMLValue)] { members.map { ($0.key, $0.value) } }

    func value(_ name: String) -> YAMLValue? { members.first { $0.key == name }?.value }

    func scalar(_ name: String) throws -> YAMLScalar {
        guard let value = value(name) else { throw fault(name, "is missing; expected one value", line) }
        guard case .scalar(let scalar) = value, !scalar.isNull else {
            throw fault(name, "expected one value", value.line)
        }
        return scalar
    }

    /// Text for people: one line of at most 400 characters that a terminal can show.
    func sentence(_ name: String) throws -> String {
        let scalar = try scalar(name)
        return try sentence(scalar, name)
    }

    func optionalSentence(_ name: String) throws -> String? {
        has(name) ? try sentence(name) : nil
    }

    func sentences(_ name: String) throws -> [String] {
        try list(name).map { value in
            guard case .scalar(let scalar) = value else { throw fault(name, "expected a list of texts", value.line) }
            return try sentence(scalar, name)
        }
    }

    private func sentence(_ scalar: YAMLScalar, _ name: String) throws -> String {
        let text = scalar.text.hasSuffix("\n") ? String(scalar.text.dropLast()) : scalar.text
        guard (1...400).contains(text.count), printableAtLength(text) == text else {
            throw fault(name, "expected a text of one line, of at most 400 visible characters", scalar.line)
        }
        return text
    }

    private func printableAtLength(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { printable(String($0)) == String($0) }))
    }

    /// The name of a table or column.
    func identifier(_ name: String) throws -> String {
        try Self.identifier(scalar(name)) { fault(name, $0, $1) }
    }

    func optionalIdentifier(_ name: String) throws -> String? {
        has(name) ? try identifier(name) : nil
    }

    /// One name, or a list of them.
    func identifiers(_ name: String) throws -> [String] {
        if case .scalar(let scalar)? = value(name) { return [try Self.identifier(scalar) { fault(name, $0, $1) }] }
        return try list(name).map { value in
            guard case .scalar(let scalar) = value else { throw fault(name, "expected a name", value.line) }
            return try Self.identifier(scalar) { fault(name, $0, $1) }
        }
    }

    /// Bounded, and free of what no program's names hold; the engine quotes it all the same.
    static func identifier(_ scalar: YAMLScalar, _ fault: (String, Int) -> ProfileFault) throws -> String {
        let isVisible = scalar.text.unicodeScalars.allSatisfy { $0.isASCII ? (0x21...0x7e).contains($0.value) : true }
        let isQuote = scalar.text.contains { "\"'`\\;".contains($0) }
        guard !scalar.isNull, (1...63).contains(scalar.text.utf8.count), isVisible, !isQuote,
            printable(scalar.text) == scalar.text
        else { throw fault("expected the name of a table, column or key, 1 to 63 bytes without quotes", scalar.line) }
        return scalar.text
    }

    func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, _ type: Choice.Type
    ) throws -> Choice where Choice.RawValue == String {
        try choice(scalar(name), name)
    }

    func choices<Choice: RawRepresentable & CaseIterable>(
        _ name: String, _ type: Choice.Type
    ) throws -> [Choice] where Choice.RawValue == String {
        let found: [Choice] = try list(name).map { value in
            guard case .scalar(let scalar) = value else { throw fault(name, "expected a list of words", value.line) }
            return try choice(scalar, name)
        }
        guard !found.isEmpty else { throw fault(name, "expected \(Self.words(Choice.self))", line) }
        return found
    }

    private func choice<Choice: RawRepresentable & CaseIterable>(
        _ scalar: YAMLScalar, _ name: String
    ) throws -> Choice where Choice.RawValue == String {
        guard let choice = Choice(rawValue: scalar.text) else {
            throw fault(name, "expected \(Self.words(Choice.self))", scalar.line)
        }
        return choice
    }

    static func words<Choice: RawRepresentable & CaseIterable>(_ type: Choice.Type) -> String
    where Choice.RawValue == String {
        Choice.allCases.map(\.rawValue).joined(separator: ", ")
    }

    func number(_ name: String, _ range: ClosedRange<Int>) throws -> Int? {
        guard has(name) else { return nil }
        let scalar = try scalar(name)
        guard !scalar.isQuoted, let number = Int(scalar.text), String(number) == scalar.text, range.contains(number)
        else {
            throw fault(name, "expected a whole number from \(range.lowerBound) to \(range.upperBound)", scalar.line)
        }
        return number
    }

    func flag(_ name: String) throws -> Bool {
        guard has(name) else { return false }
        let scalar = try scalar(name)
        guard !scalar.isQuoted, ["true", "false"].contains(scalar.text) else {
            throw fault(name, "expected true or false", scalar.line)
        }
        return scalar.text == "true"
    }

    func mapping(_ name: String) throws -> ProfileMapping? {
        try value(name).map { try ProfileMapping($0, key: path(name)) }
    }

    /// A list of mappings, or one alone; empty where the key is missing.
    func mappings(_ name: String) throws -> [ProfileMapping] {
        if case .mapping? = value(name) { return try mapping(name).map { [$0] } ?? [] }
        return try list(name).enumerated().map { try ProfileMapping($1, key: "\(path(name)).\($0 + 1)") }
    }

    /// Empty where the key is missing.
    func list(_ name: String) throws -> [YAMLValue] {
        guard let value = value(name) else { return [] }
        guard case .list(let values, _) = value else { throw fault(name, "expected a list", value.line) }
        guard values.count <= 100 else { throw fault(name, "expected a list of at most 100", value.line) }
        return values
    }

    func path(_ name: String) -> String { key.isEmpty ? name : "\(key).\(name)" }
}
