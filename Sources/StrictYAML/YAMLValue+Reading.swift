internal import Yams

extension YAMLValue {
    /// The most bytes that a document from outside may have.
    public static let maximumBytes = 256 * 1_024
    /// The deepest that values may lie in each other.
    public static let maximumDepth = 64

    /// Reads one document: no anchors, aliases, tags, second documents, or keys that are given twice.
    ///
    /// - Returns: nil for a document without anything in it.
    /// - Throws: ``YAMLFault``.
    public static func read(_ text: String) throws -> YAMLValue? {
        guard text.utf8.count <= maximumBytes else { throw YAMLFault(0, "larger than 256 KiB") }
        do {
            // The parser is told its encoding and given no rules for guessing types: neither the environment nor the
            // look of a value changes what is read. It stops by itself at a thousand levels.
            let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
            // Nodes refer to their anchors weakly; the parser keeps them.
            return try withExtendedLifetime(parser) {
                guard let root = try parser.singleRoot() else { return nil }
                let value = try convert(root, depth: 1)
                // A document of nothing but comments is one empty value.
                if case .scalar(let scalar) = value, scalar.isNull { return nil }
                return value
            }
        } catch let error as YamlError {
            throw fault(error)
        }
    }

    private static func convert(_ node: Node, depth: Int) throws -> YAMLValue {
        try refuseIndirection(node)
        let line = node.mark?.line ?? 0
        guard depth <= maximumDepth else { throw YAMLFault(line, "nested too deeply") }
        switch node {
        case .scalar(let scalar):
            return .scalar(
                YAMLScalar(
                    text: scalar.string, isQuoted: scalar.style != .plain, line: line, column: node.mark?.column ?? 0))
        case .sequence(let sequence):
            return .list(try sequence.map { try convert($0, depth: depth + 1) }, line: line)
        case .mapping(let mapping):
            return .mapping(try members(mapping, depth: depth), line: line)
        case .alias:
            throw YAMLFault(line, "aliases are not used here")
        }
    }

    private static func members(_ mapping: Node.Mapping, depth: Int) throws -> [YAMLMember] {
        var members: [YAMLMember] = []
        for (key, value) in mapping {
            let line = key.mark?.line ?? 0
            guard case .scalar(let scalar) = key, !scalar.string.isEmpty else {
                throw YAMLFault(line, "a key is not a plain word")
            }
            try refuseIndirection(key, isKey: true)
            if let first = members.first(where: { $0.key == scalar.string }) {
                throw YAMLFault(line, "\(printable(scalar.string)) is given twice, first in line \(first.line)")
            }
            members.append(YAMLMember(key: scalar.string, value: try convert(value, depth: depth + 1), line: line))
        }
        return members
    }

    private static func refuseIndirection(_ node: Node, isKey: Bool = false) throws {
        let line = node.mark?.line ?? 0
        let tag: Tag
        switch node {
        case .scalar(let scalar): tag = scalar.tag
        case .mapping(let mapping): tag = mapping.tag
        case .sequence(let sequence): tag = sequence.tag
        case .alias: throw YAMLFault(line, "aliases are not used here")
        }
        // An alias arrives as a copy of the node it means, anchor included.
        guard node.anchor == nil else { throw YAMLFault(line, "anchors and aliases are not used here") }
        // The library calls whatever is quoted a string, and a key too once it has looked for others like it.
        let isString = if case .scalar(let scalar) = node { isKey || scalar.style != .plain } else { false }
        guard tag.description.isEmpty || (isString && tag == Tag(.str)) else {
            throw YAMLFault(line, "tags are not used here")
        }
    }

    /// The library's own description shows the lines around the problem, so only its fixed words are taken.
    private static func fault(_ error: YamlError) -> YAMLFault {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return YAMLFault(mark.line, "not valid YAML: \(problem)")
        case .duplicatedKeysInMapping(let keys, let context):
            return YAMLFault(context.mark.line, "\(printable(keys.first ?? "a key")) is given twice")
        case .reader(let problem, _, _, _):
            return YAMLFault(0, "not valid YAML: \(problem)")
        default:
            return YAMLFault(0, "not valid YAML")
        }
    }
}

/// A key from outside, fit for a terminal: at most 64 characters, none of them a control or invisible one.
public func printable(_ name: String) -> String {
    let scalars = name.unicodeScalars.prefix(64).map { scalar in
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: Character("?")
        default: Character(scalar)
        }
    }
    return String(scalars)
}
