import StrictYAML

/// For documents of others, of which only some keys matter: what is not there, or of another shape, is nil or empty.
extension YAMLValue {
    subscript(_ name: String) -> YAMLValue? { members.first { $0.key == name }?.value }

    var members: [YAMLMember] {
        guard case .mapping(let members, _) = self else { return [] }
        return members
    }

    var values: [YAMLValue] {
        guard case .list(let values, _) = self else { return [] }
        return values
    }

    /// Nil for nothing and for null.
    var text: String? {
        guard case .scalar(let scalar) = self, !scalar.isNull else { return nil }
        return scalar.text
    }
}
