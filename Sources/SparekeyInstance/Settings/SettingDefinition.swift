/// One row of the settings table: everything Sparekey knows about a setting.
struct SettingDefinition: Sendable {
    enum Fallback: Sendable {
        /// The text that the file would hold.
        case text(String)
        /// No value; the words say what happens then, for the listing.
        case unset(String)
        /// No value of its own; what is in force follows from other settings.
        case derived(@Sendable (Settings) -> String)
    }

    /// How the file spells it; a dot stands for a section.
    let key: String
    /// The environment variables that override the file, the stronger first.
    let variables: [String]
    let kind: SettingKind
    let fallback: Fallback
    /// Never shown, wherever settings are printed.
    let isSecret: Bool

    init(
        _ key: String, _ variables: String..., kind: SettingKind, default fallback: Fallback, secret: Bool = false
    ) {
        self.key = key
        self.variables = variables
        self.kind = kind
        self.fallback = fallback
        self.isSecret = secret
    }

    /// What may be printed of a value: nothing of a secret, and of an address all but its password.
    func masked(_ text: String) -> String {
        if isSecret { return "********" }
        return kind == .address ? maskedPassword(inAddress: text) : text
    }
}

/// `postgres://user:secret@host/db?password=secret` with stars for what stands in either place. Cautious: where an address
/// is odd, more of it is hidden.
func maskedPassword(inAddress text: String) -> String {
    guard let scheme = text.firstRange(of: "://") else { return text }
    var rest = text[scheme.upperBound...]
    if let at = rest.lastIndex(of: "@") {
        let userInfo = rest[..<at]
        let user = userInfo.firstIndex(of: ":").map { userInfo[..<$0] + ":********" } ?? userInfo
        rest = user + rest[at...]
    }
    if let query = rest.firstIndex(of: "?"), rest[query...].lowercased().contains("pass") {
        rest = rest[...query] + "********"
    }
    return String(text[..<scheme.upperBound] + rest)
}
