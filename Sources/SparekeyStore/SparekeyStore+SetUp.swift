public import Sparekey
import SparekeySQL

/// Two rows of `sparekey_meta`: the link as hexadecimal digits, a space and microseconds, and a mark that the directory has
/// held an account, which stays when the account goes.
extension SparekeyStore: SetUpRegister {
    private static var linkName: String { "set_up_link" }
    private static var heldName: String { "has_held_account" }

    public func isEmpty() async throws -> Bool {
        try await database.transaction(.read) { try Self.isEmpty($0) }
    }

    public func keepSetUpLink(_ link: SetUpLink?) async throws -> Bool {
        try await database.transaction(.write) { connection in
            try Self.removeSetUpLink(connection)
            guard try StoreSchema.meta(Self.heldName, connection) == nil, try Self.isEmpty(connection) else {
                return false
            }
            if let link { try StoreSchema.setMeta(Self.linkName, Self.text(link), connection) }
            return link != nil
        }
    }

    public func setUpLink() async throws -> SetUpLink? {
        let text = try await database.transaction(.read) { try StoreSchema.meta(Self.linkName, $0) }
        let words = text?.split(separator: " ") ?? []
        guard words.count == 2, let lookup = [UInt8](hexadecimal: words[0]), let end = Int64(words[1]) else {
            return nil
        }
        return SetUpLink(lookup: lookup, expiresAt: Timestamp(microseconds: end))
    }

    /// An account comes: the link is void, whoever brought the account; where it was the link itself, it must be the one
    /// that is kept, and this the first account.
    static func endSetUp(_ link: SetUpLink?, at now: Timestamp, _ connection: any SQLConnection) throws {
        if let link {
            let isKept = try StoreSchema.meta(linkName, connection) == text(link) && link.expiresAt > now
            guard isKept, try isEmpty(connection) else { throw RecoveryError.setUpLinkRefused }
        }
        try removeSetUpLink(connection)
        if try StoreSchema.meta(heldName, connection) == nil {
            try StoreSchema.setMeta(heldName, "1", connection)
        }
    }

    static func removeSetUpLink(_ connection: any SQLConnection) throws {
        try connection.execute("DELETE FROM sparekey_meta WHERE name = \(linkName)")
    }

    private static func isEmpty(_ connection: any SQLConnection) throws -> Bool {
        try connection.query("SELECT id FROM account LIMIT 1").isEmpty
    }

    private static func text(_ link: SetUpLink) -> String {
        "\(link.lookup.hexadecimal) \(link.expiresAt.microseconds)"
    }
}
