/// Another program as the operator attached it: under which name, which profile is its, where its database is, and what the
/// labels of the profile stand for. Only the operator's settings say so (APP-9), never a profile.
public struct AttachedApp: Sendable, Equatable {
    /// Where a secret lies that the profile only names.
    public enum Secret: Sendable, Equatable {
        /// An absolute path.
        case file(String)
        /// A variable of the environment that Sparekey runs in.
        case variable(String)
    }

    /// Whom a reset tells, and how.
    public enum Hook: Sendable, Equatable {
        /// https, or http on this machine; without user, query or fragment.
        case url(String)
        /// The words of a command, an absolute path first. It runs without a shell, and no password is among them.
        case command([String])
    }

    /// 1 to 32 lower-case letters, digits and dashes.
    public let name: String
    /// The profile's ``Profile/reference``; whether there is such a profile is asked when it is used.
    public let profile: String
    /// An absolute path, or a URL without a password.
    public let database: String
    /// The file whose first line is the database's password; nil leaves the driver its own sources (.pgpass, my.cnf).
    public let passwordFile: String?
    /// By label.
    public let secrets: [String: Secret]
    /// By label.
    public let hooks: [String: Hook]
    /// Where the program's own sign-in is tried after a reset.
    public let login: String?

    public init(
        name: String, profile: String, database: String, passwordFile: String? = nil, secrets: [String: Secret] = [:],
        hooks: [String: Hook] = [:], login: String? = nil
    ) {
        self.name = name
        self.profile = profile
        self.database = database
        self.passwordFile = passwordFile
        self.secrets = secrets
        self.hooks = hooks
        self.login = login
    }

    /// Whether an app, a profile or a label may be called so.
    public static func isName(_ text: String) -> Bool { ProfileReader.isName(text) }

    /// Whether a profile may be referred to so: by its name, and perhaps the prefix of its tables behind a colon.
    public static func isReference(_ text: String) -> Bool {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        return isName(parts[0]) && (parts.count == 1 || TablePrefix.isPrefix(parts[1]))
    }

    /// `/forgot-password/code` is a step of the own accounts' way; an app's page has the app's name there.
    public static let takenName = "code"

    /// The labels that are bound and that `profile` does not have, in the order of the alphabet.
    public func labelsUnknown(to profile: Profile) -> [String] {
        let secrets = Set(secrets.keys).subtracting(profile.secrets.map(\.name))
        let hooks = Set(hooks.keys).subtracting(profile.hooks.map(\.name))
        return secrets.union(hooks).sorted()
    }
}
