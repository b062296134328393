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

    /// By their names: those from folders.
    private let own: [String: Profile]
    private let formats: CredentialFormats

    /// - Parameter documents: from folders; a profile of one name replaces the shipped one, and the first of several counts.
    /// - Throws: ``AppsError`` `badProfile` for any document that is not right, used or not.
    public init(documents: [Document] = [], formats: CredentialFormats = .standard) throws {
        var found: [String: Profile] = [:]
        for document in documents {
            let profile = try Profile(
                yaml: document.text, file: document.file, origin: .file(document.file), formats: formats)
            if found[profile.name] == nil { found[profile.name] = profile }
        }
        own = found
        self.formats = formats
    }

    /// In the order of their names. Reads all of them, some 20 ms: keep what it gives.
    ///
    /// - Throws: ``AppsError`` `badProfile` where a shipped one does not go with the formats that were given.
    public func profiles() throws -> [Profile] {
        let shipped = try ShippedProfiles.all.filter { own[$0.name] == nil }.map { try read($0) }
        return (own.values + shipped).sorted { $0.name < $1.name }
    }

    /// Of all the profiles, sorted; none is read.
    public var names: [String] {
        Set(own.keys).union(ShippedProfiles.all.map(\.name)).sorted()
    }

    private func profile(_ name: String) throws -> Profile? {
        if let profile = own[name] { return profile }
        return try ShippedProfiles.all.first { $0.name == name }.map { try read($0) }
    }

    private func read(_ shipped: (name: String, bytes: [UInt8])) throws -> Profile {
        try Profile(
            yaml: String(decoding: shipped.bytes, as: UTF8.self), file: "\(shipped.name).yaml", origin: .shipped,
            formats: formats)
    }

    /// Exactly the one that settings and the journal mean.
    ///
    /// - Parameter reference: a profile's name, and behind a colon the prefix of its tables where that is not the usual one;
    ///   see ``Profile/reference``.
    /// - Throws: ``AppsError`` `unknownProfile`, naming those that there are.
    public func named(_ reference: String) throws -> Profile {
        let parts = reference.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        if let profile = try profile(parts[0]) {
            return try profile.chosen(prefix: parts.count == 2 ? parts[1] : nil)
        }
        let names = names.joined(separator: ", ")
        throw AppsError(
            .unknownProfile, reason: "there is no profile of that name",
            hint: "one of \(names); sparekey apps list shows them")
    }

    /// The one that a person means, who may leave it to the tables what they begin with.
    ///
    /// - Throws: ``AppsError`` `unknownProfile`.
    public func meant(by reference: String) throws -> Profile {
        try profile(reference) ?? named(reference)
    }
}
