import StrictYAML

extension YAMLValue {
    /// With `prefix` where a value begins with what stands for it.
    func prefixed(_ prefix: String) -> YAMLValue {
        switch self {
        case .scalar(let scalar):
            guard scalar.isPrefixed else { return self }
            let text = prefix + scalar.text.dropFirst(TablePrefix.placeholder.count)
            return .scalar(
                YAMLScalar(text: text, isQuoted: scalar.isQuoted, line: scalar.line, column: scalar.column))
        case .list(let values, let line): return .list(values.map { $0.prefixed(prefix) }, line: line)
        case .mapping(let members, let line):
            return .mapping(
                members.map { YAMLMember(key: $0.key, value: $0.value.prefixed(prefix), line: $0.line) }, line: line)
        }
    }

    /// Of the first value that begins with what stands for a prefix.
    var firstPrefixedLine: Int? {
        switch self {
        case .scalar(let scalar): scalar.isPrefixed ? scalar.line : nil
        case .list(let values, _): values.lazy.compactMap(\.firstPrefixedLine).first
        case .mapping(let members, _): members.lazy.compactMap(\.value.firstPrefixedLine).first
        }
    }
}

extension YAMLScalar {
    fileprivate var isPrefixed: Bool { text.hasPrefix(TablePrefix.placeholder) }
}
