import StrictYAML

/// A YAML document flattened to dotted keys: `policy: {min_length: 10}` and `policy.min_length: 10` are one thing.
///
/// Only mappings of single values are accepted, and no key that is given twice in either spelling. Errors name file and
/// line and never quote the file, which may hold secrets.
struct SettingsDocument {
    struct Entry {
        let key: String
        /// nil where nothing stands after the colon.
        let text: String?
        let line: Int
    }

    private(set) var entries: [Entry] = []
    /// What stands under `apps`, which has a shape of its own.
    private(set) var apps: YAMLValue?
    private let path: String

    init(yaml: String, path: String) throws {
        self.path = path
        do {
            guard let root = try YAMLValue.read(yaml) else { return }
            try flatten(root, prefix: "")
        } catch let fault as YAMLFault {
            throw problem(fault.what, fault.line)
        }
    }

    private mutating func flatten(_ value: YAMLValue, prefix: String) throws {
        switch value {
        case .scalar(let scalar):
            guard !prefix.isEmpty else { throw problem("expected keys and values", scalar.line) }
            try append(scalar, key: prefix)
        case .mapping(let members, _):
            for member in members {
                if prefix.isEmpty, member.key == "apps" {
                    apps = member.value
                    continue
                }
                try flatten(member.value, prefix: prefix.isEmpty ? member.key : "\(prefix).\(member.key)")
            }
        case .list(_, let line):
            let what = prefix.isEmpty ? "expected keys and values" : "\(printable(prefix)): expected one value"
            throw problem(what, line)
        }
    }

    private mutating func append(_ scalar: YAMLScalar, key: String) throws {
        if let first = entries.first(where: { $0.key == key }) {
            throw problem("\(printable(key)) is given twice, first in line \(first.line)", scalar.line)
        }
        entries.append(Entry(key: key, text: scalar.isNull ? nil : scalar.text, line: scalar.line))
    }

    private func problem(_ what: String, _ line: Int) -> InstanceError {
        InstanceError(.badSettings, reason: line == 0 ? "\(path): \(what)" : "\(path) line \(line): \(what)")
    }
}
