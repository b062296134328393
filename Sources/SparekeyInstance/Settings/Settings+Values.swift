public import Sparekey

/// The settings as values, one property a setting. Paths are as they were given: absolute from the file, maybe relative to
/// the working directory from elsewhere.
extension Settings {
    /// Without a slash at the end.
    public var publicURL: String? { text("public_url").map(withoutTrailingSlash) }
    /// Without a slash at the end.
    public var serverURL: String? { text("server_url").map(withoutTrailingSlash) }
    /// A path or a URL, unchecked. May hold a password: show it by way of ``listing`` only.
    public var database: String? { text("database") }
    public var databasePasswordFile: String? { text("database_password_file") }
    public var dataFolder: String? { text("data") }
    public var keyFile: String? { text("key_file") }

    /// The preset with what the other `policy` settings change of it.
    public var passwordPolicy: PasswordPolicy {
        PasswordPolicy(
            text("policy.preset").flatMap(PasswordPolicy.Preset.init) ?? .standard,
            minLength: integer("policy.min_length"),
            requiresClasses: text("policy.classes").map { $0 == "4" },
            strengthBits: integer("policy.strength_bits"),
            history: integer("policy.history"))
    }

    /// Not checked against the schemes there are.
    public var hashScheme: String { text("hash.scheme") ?? "" }
    /// In the scheme's own spelling and unchecked; nil asks for the scheme's default.
    public var hashCost: String? { text("hash.cost") }

    public var temporary: TemporaryPasswords.Rule { text("temporary").flatMap(TemporaryPasswords.Rule.init) ?? .given }
    public var temporaryLifetime: Duration { duration("temporary_lifetime") }
    /// At most seven days.
    public var tokenLifetime: Duration { duration("tokens.lifetime") }
    public var interactiveOnly: Bool { boolean("interactive_only") }
    public var requireReason: Bool { boolean("require_reason") }
    public var syncKeys: Bool { boolean("sync_keys") }
    /// At most 72 hours.
    public var undoKeep: Duration { duration("undo.keep") }

    func text(_ key: String) -> String? {
        guard case .text(let text) = entry(key)?.value else { return nil }
        return text
    }

    private func integer(_ key: String) -> Int? {
        guard case .integer(let number) = entry(key)?.value else { return nil }
        return number
    }

    func boolean(_ key: String) -> Bool {
        guard case .boolean(let truth) = entry(key)?.value else { preconditionFailure("\(key) has no default") }
        return truth
    }

    func duration(_ key: String) -> Duration {
        guard case .duration(let duration) = entry(key)?.value else { preconditionFailure("\(key) has no default") }
        return duration
    }

    private func withoutTrailingSlash(_ url: String) -> String {
        String(url.reversed().drop { $0 == "/" }.reversed())
    }
}
