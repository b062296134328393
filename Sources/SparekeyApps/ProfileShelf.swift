public import PasswordHashing
internal import SparekeyProfiles

/// The profiles that are there: those in the program, and over them those from folders.
public struct ProfileShelf: Sendable {
    /// One document, unread.
    public struct Document: Sendable {
        public let file: String
        public let text: String

        public init(file: String, text: String) {
            self.file = file
            self.text = text
        }
    }

    /// In the order of their names.
    public let profiles: [Profile]

    /// - Parameter documents: from folders; a profile of one name replaces the shipped one, and the first of several counts.
    /// - Throws: ``AppsError`` `badProfile` for any document that is not right, used or not.
    public init(documents: [Document] = [], formats: CredentialFormats = .standard) throws {
        var found: [String: Profile] = [:]
        for document in documents {
            let profile = try Profile(
                yaml: document.text, file: document.file, origin: .file(document.file), formats: formats)
            if found[profile.name] == nil { found[profile.name] = profile }
        }
        for shipped in ShippedProfiles.all where found[shipped.name] == nil {
            found[shipped.name] = try Profile(
                yaml: String(decoding: shipped.bytes, as: UTF8.self), file: "\(shipped.name).yaml", origin: .shipped,
                formats: formats)
        }
        profiles = found.values.sorted { $0.name < $1.name }
    }

    /// Exactly the one that settings and the journal mean.
    ///
    /// - Parameter reference: a profile's name, and behind a colon the prefix of its tables where that is not the usual one;
    ///   see ``Profile/reference``.
    /// - Throws: ``AppsError`` `unknownProfile`, naming those that there are.
    public func named(_ reference: String) throws -> Profile {
        let parts = reference.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        if let profile = profiles.first(where: { $0.name == parts[0] }) {
            return try profile.chosen(prefix: parts.count == 2 ? parts[1] : nil)
        }
        let names = profiles.map(\.name).joined(separator: ", ")
        throw AppsError(
            .unknownProfile, reason: "there is no profile of that name",
            hint: "one of \(names); sparekey apps list shows them")
    }

    /// The one that a person means, who may leave it to the tables what they begin with.
    ///
    /// - Throws: ``AppsError`` `unknownProfile`.
    public func meant(by reference: String) throws -> Profile {
        try profiles.first { $0.name == reference } ?? named(reference)
    }
}
