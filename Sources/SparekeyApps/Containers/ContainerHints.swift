import StrictYAML

/// How a profile's program is recognised in a container, and which of the container's variables say where its database is.
public struct ContainerHints: Sendable, Equatable {
    /// What a variable can say.
    public enum Part: String, Sendable, CaseIterable {
        case url, kind, path, host, port, name, user, password
    }

    /// Images without registry and tag, in lower case: `gitea/gitea`.
    public let images: [String]
    /// The names of the variables that may say it, the one that counts first.
    public let variables: [Part: [String]]

    static let unknown = ContainerHints(images: [], variables: [:])
}

extension ProfileReader {
    /// The section `container` of a profile.
    func hints(_ mapping: ProfileMapping) throws -> ContainerHints {
        try mapping.allow("images", "variables")
        guard let section = try mapping.mapping("variables") else {
            return ContainerHints(images: try images(mapping), variables: [:])
        }
        try section.allow(ContainerHints.Part.allCases.map(\.rawValue))
        let named = try ContainerHints.Part.allCases.filter { section.has($0.rawValue) }.map { part in
            (part, try section.identifiers(part.rawValue))
        }
        return ContainerHints(images: try images(mapping), variables: Dictionary(uniqueKeysWithValues: named))
    }

    private func images(_ mapping: ProfileMapping) throws -> [String] {
        try mapping.identifiers("images").map(Container.repository)
    }
}
