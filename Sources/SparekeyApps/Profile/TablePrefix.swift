/// What the tables of a program begin with, where its settings choose that: `wp_` in WordPress.
///
/// A profile spells the tables that carry it `<prefix>users`, and so values that begin with it too. Read with another prefix
/// it is a profile of its own, whose ``Profile/reference`` says which.
public struct TablePrefix: Sendable {
    /// Unless the program is told otherwise; may be empty.
    public let usual: String
    /// What the tables of this profile begin with.
    public let text: String
    /// Whether it was said which; else the tables of a database may say it.
    public let isChosen: Bool
    /// Reads the document again.
    let profile: @Sendable (_ chosen: String) throws -> Profile

    /// What stands for it in a profile.
    static let placeholder = "<prefix>"
    /// Of one database are looked at.
    static let most = 20

    /// Whether programs take it for one: at most 24 letters, digits and underscores.
    public static func isPrefix(_ text: String) -> Bool {
        text.utf8.count <= 24
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"): true
                default: false
                }
            }
    }
}

extension TablePrefix: Equatable {
    public static func == (left: TablePrefix, right: TablePrefix) -> Bool {
        (left.usual, left.text, left.isChosen) == (right.usual, right.text, right.isChosen)
    }
}

extension Profile {
    /// By what it is named once its tables are known: `wordpress`, or `wordpress:blog7_` where they begin otherwise than
    /// usual. ``ProfileShelf/named(_:)`` finds it by that.
    public var reference: String {
        guard let prefix, prefix.text != prefix.usual else { return name }
        return "\(name):\(prefix.text)"
    }

    /// The title, with the tables' prefix where that is another than usual: it tells two in one database apart.
    public var titleInDatabase: String {
        guard let prefix, prefix.text != prefix.usual else { return title }
        return "\(title), tables \(prefix.text.isEmpty ? "without a prefix" : "\(prefix.text)…")"
    }

    /// The same with tables that begin so, and with no others.
    ///
    /// - Parameter text: nil for the usual one.
    /// - Throws: ``AppsError`` `unknownProfile` where the program has no prefix, or none like that.
    func chosen(prefix text: String?) throws -> Profile {
        guard let prefix else {
            guard text == nil else {
                throw AppsError(
                    .unknownProfile, reason: "the tables of \(title) have no prefix to choose",
                    hint: "leave out the colon and what stands behind it: \(name)")
            }
            return self
        }
        let text = text ?? prefix.usual
        guard TablePrefix.isPrefix(text) else {
            throw AppsError(
                .unknownProfile, reason: "no table of \(title) begins so",
                hint: "a prefix is at most 24 letters, digits and underscores, as in \(name):\(prefix.usual)")
        }
        do {
            return try prefix.profile(text)
        } catch is ProfileFault {
            throw AppsError(
                .unknownProfile, reason: "with such a prefix the names of some tables would be too long",
                hint: "choose a shorter one")
        }
    }

    /// One for each prefix that the program's tables may have in a database with the tables `names`; itself where none of
    /// them has all tables that tell the program from others, or where the prefix was chosen.
    func candidates(among names: Set<String>) -> [Profile] {
        guard let prefix, !prefix.isChosen, let home = accounts.first?.store.name else { return [self] }
        let base = home.dropFirst(prefix.usual.count)
        let others = marks.map { $0.dropFirst(prefix.usual.count) }
        let found = names.filter { $0.hasSuffix(base) }.map { String($0.dropLast(base.count)) }.filter { head in
            TablePrefix.isPrefix(head) && others.allSatisfy { names.contains(head + $0) }
        }
        let profiles = found.sorted().prefix(TablePrefix.most).compactMap { try? chosen(prefix: $0) }
        return profiles.isEmpty ? [self] : profiles
    }
}
