import CPostgres

/// Which statements a session has sent before: the second time one is prepared, so that the server parses it once and keeps its
/// plan. A command that runs each once pays nothing for it; a server's statements cost half.
struct PreparedStatements {
    private struct Use: Hashable {
        let text: String
        /// A NULL has no type of its own: beside others it is another statement.
        let types: [Oid]
    }

    /// What a session keeps at most, and of what length: long ones are written for one occasion.
    private static let (most, longest) = (200, 4096)

    private var known: [Use: String?] = [:]
    private var numbers = 0

    enum Way {
        case once
        case prepare(as: String)
        case prepared(String)
    }

    /// How this one is to be run now.
    mutating func way(_ text: String, _ types: [Oid]) -> Way {
        guard text.utf8.count <= Self.longest else { return .once }
        let use = Use(text: text, types: types)
        guard let name = known[use] else {
            if known.count < Self.most { known[use] = .some(nil) }
            return .once
        }
        if let name { return .prepared(name) }
        numbers += 1
        return .prepare(as: "s\(numbers)")
    }

    mutating func keep(_ name: String, _ text: String, _ types: [Oid]) {
        known[Use(text: text, types: types)] = name
    }

    /// After a change of the schema, or behind a pooler that has forgotten them; names are not used again.
    ///
    /// - Returns: whether there were any.
    mutating func forget() -> Bool {
        defer { known = [:] }
        return known.values.contains { $0 != nil }
    }
}
