import StrictYAML

/// Reads what stands behind `file` of a place: how accounts lie in it.
enum DocumentFormReader {
    static func form(_ mapping: ProfileMapping) throws -> DocumentForm {
        try mapping.allow("lines", "least", "rest", "escaped", "json", "yaml", "key")
        let notations = ["lines", "json", "yaml"].filter(mapping.has)
        guard let notation = notations.first, notations.count == 1 else {
            throw mapping.fault("lines", "expected one of lines, json and yaml", mapping.line)
        }
        guard notation == "lines" else {
            try refuse(["least", "rest", "escaped"], mapping, "with lines only")
            let path = try path(notation, mapping)
            let key = try mapping.optionalIdentifier("key")
            return DocumentForm(
                notation: notation == "json" ? .json : .yaml,
                accounts: key.map { .members(path, key: $0) } ?? .list(path))
        }
        try refuse(["key"], mapping, "with json and yaml only")
        return DocumentForm(notation: .lines(try lines(mapping)), accounts: .list([]))
    }

    private static func lines(_ mapping: ProfileMapping) throws -> LineForm {
        let fields = try mapping.identifiers("lines")
        guard fields.count > 1, Set(fields).count == fields.count else {
            throw mapping.fault("lines", "expected the names of at least two fields, each once", mapping.line)
        }
        return LineForm(
            fields: fields, least: try mapping.number("least", 2...fields.count) ?? fields.count,
            takesRest: try mapping.flag("rest"), isEscaped: try mapping.flag("escaped"))
    }

    /// Keys between dots; a dot alone is the document itself.
    private static func path(_ notation: String, _ mapping: ProfileMapping) throws -> [String] {
        let text = try mapping.sentence(notation)
        guard text != "." else { return [] }
        let keys = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard !keys.contains("") else {
            throw mapping.fault(
                notation, "expected the keys that lead to the accounts, between dots", try mapping.scalar(notation).line
            )
        }
        return keys
    }

    private static func refuse(_ names: [String], _ mapping: ProfileMapping, _ where: String) throws {
        guard let name = names.first(where: mapping.has) else { return }
        throw mapping.fault(name, "expected \(`where`)", mapping.line)
    }
}
