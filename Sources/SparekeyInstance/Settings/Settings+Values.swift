public import Sparekey
internal import SparekeyOutbound
internal import SparekeyServer

/// The settings as values, one property a setting. Paths are as they were given: absolute from the file, maybe relative to
/// the working directory from elsewhere.
extension Settings {
    /// Without a slash at the end.
    public var publicURL: String? { text("public_url").map(withoutTrailingSlash) }
    /// Where commands tell the running server of a reset; nil for the socket in the data folder.
    var serverAddress: ServerAddress? { text("server_url").flatMap(ServerAddress.init(setting:)) }
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

    /// `127.0.0.1:8080` and the like.
    var listen: ListenAddress {
        guard let address = text("listen").flatMap(ListenAddress.init) else {
            preconditionFailure("the kind of the setting listen has checked it")
        }
        return address
    }

    /// Both or neither.
    var tls: (certificate: String, key: String)? {
        get throws {
            switch (text("tls.certificate"), text("tls.key")) {
            case (nil, nil): return nil
            case (let certificate?, let key?): return (certificate, key)
            default:
                throw InstanceError(
                    .badSettings, reason: "tls.certificate and tls.key go together",
                    hint: "give both, or neither for plain http")
            }
        }
    }

    var trustedProxies: [AddressRange] {
        text("trusted_proxies").flatMap { SettingKind.addressRanges.addressRanges(in: $0) } ?? []
    }

    public var sessionLimits: SessionLimits {
        SessionLimits(idle: duration("sessions.idle"), absolute: duration("sessions.absolute"))
    }

    /// Who holds it may tell the server of a changed account (FLF-2); nil where none is set.
    var secret: String? { text("secret") }
    /// The bearer token of `/metrics`, beside an administrator's session; nil where none is set.
    var metricsToken: String? { text("metrics_token") }
    public var allowsAdministratorPasswords: Bool { boolean("allow_admin_passwords") }
    /// What the server limits. Whether they may be off is its question: only while it listens on loopback.
    public var limits: ThrottleLimits {
        let standard = ThrottleLimits.standard
        return ThrottleLimits(
            areOn: text("limits") != "off", request: rate("limits.request") ?? standard.request,
            signIn: rate("limits.sign_in") ?? standard.signIn, guess: rate("limits.guess") ?? standard.guess)
    }

    private func rate(_ key: String) -> RateLimit? { text(key).flatMap(RateLimit.init(setting:)) }

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
