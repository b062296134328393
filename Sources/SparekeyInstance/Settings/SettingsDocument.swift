internal import Yams

/// A YAML document flattened to dotted keys: `policy: {min_length: 10}` and `policy.min_length: 10` are one thing.
///
/// Only what can be read in one way is accepted: mappings of single values; no anchors, aliases, tags, lists, second
/// documents, or keys that are given twice in either spelling. Errors name file and line and never quote the file, which
/// may hold secrets.
struct SettingsDocument {
    struct Entry {
        let key: String
        /// nil where nothing stands after the colon.
        let text: String?
        let line: Int
    }

    private(set) var entries: [Entry] = []
    private let path: String
    private static let maximumDepth = 64

    init(yaml: String, path: String) throws {
        self.path = path
        // The parser is told its encoding and given no rules for guessing types: neither the environment nor the look of
        // a value changes what is read.
        do {
            let parser = try Parser(yaml: yaml, resolver: .basic, encoding: .utf8)
            // Nodes refer to their anchors weakly; the parser keeps them.
            try withExtendedLifetime(parser) {
                guard let root = try parser.singleRoot() else { return }
                try flatten(root, prefix: "", depth: 1)
            }
        } catch let error as YamlError {
            throw failure(error)
        }
    }

    private mutating func flatten(_ node: Node, prefix: String, depth: Int) throws {
        try refuseIndirection(node)
        guard depth <= SettingsDocument.maximumDepth else { throw problem("nested too deeply", node) }
        switch node {
        case .scalar(let scalar):
            try append(scalar, key: prefix)
        case .mapping(let mapping):
            for (key, value) in mapping {
                let name = try self.name(key)
                try flatten(value, prefix: prefix.isEmpty ? name : "\(prefix).\(name)", depth: depth + 1)
            }
        case .sequence, .alias:
            let what = prefix.isEmpty ? "expected keys and values" : "\(printable(prefix)): expected one value"
            throw problem(what, node)
        }
    }

    private mutating func append(_ scalar: Node.Scalar, key: String) throws {
        let isAbsent = scalar.style == .plain && ["", "~", "null"].contains(scalar.string)
        let line = scalar.mark?.line ?? 0
        if key.isEmpty {
            // A file of nothing but comments is one empty value.
            if isAbsent { return }
            throw problem("expected keys and values", .scalar(scalar))
        }
        if let first = entries.first(where: { $0.key == key }) {
            throw problem("\(printable(key)) is given twice, first in line \(first.line)", .scalar(scalar))
        }
        entries.append(Entry(key: key, text: isAbsent ? nil : scalar.string, line: line))
    }

    private func name(_ key: Node) throws -> String {
        guard case .scalar(let scalar) = key, key.anchor == nil, !scalar.string.isEmpty else {
            throw problem("a key is not a plain word", key)
        }
        return scalar.string
    }

    private func refuseIndirection(_ node: Node) throws {
        let tag: Tag
        switch node {
        case .scalar(let scalar): tag = scalar.tag
        case .mapping(let mapping): tag = mapping.tag
        case .sequence(let sequence): tag = sequence.tag
        case .alias: throw problem("aliases are not used in settings", node)
        }
        // An alias arrives as a copy of the node it means, anchor included.
        guard node.anchor == nil else { throw problem("anchors and aliases are not used in settings", node) }
        // The library calls whatever is quoted a string.
        let isQuoted = if case .scalar(let scalar) = node { scalar.style != .plain } else { false }
        guard tag.description.isEmpty || (isQuoted && tag == Tag(.str)) else {
            throw problem("tags are not used in settings", node)
        }
    }

    private func problem(_ what: String, _ node: Node) -> InstanceError {
        InstanceError(.badSettings, reason: "\(path) line \(node.mark?.line ?? 0): \(what)")
    }

    /// The library's own description shows the lines around the problem, so only its fixed words are taken, and the error
    /// itself is not passed on as a cause.
    private func failure(_ error: YamlError) -> InstanceError {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return InstanceError(.badSettings, reason: "\(path) line \(mark.line): not valid YAML: \(problem)")
        case .duplicatedKeysInMapping(let keys, let context):
            let key = printable(keys.first ?? "a key")
            return InstanceError(.badSettings, reason: "\(path) line \(context.mark.line): \(key) is given twice")
        case .reader(let problem, _, _, _):
            return InstanceError(.badSettings, reason: "\(path): not valid YAML: \(problem)")
        default:
            return InstanceError(.badSettings, reason: "\(path): not valid YAML")
        }
    }
}

/// A name from outside, fit for a terminal: at most 64 characters, none of them a control or invisible one.
func printable(_ name: String) -> String {
    let scalars = name.unicodeScalars.prefix(64).map { scalar in
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: Character("?")
        default: Character(scalar)
        }
    }
    return String(scalars)
}
