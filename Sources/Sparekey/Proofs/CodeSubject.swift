/// Whose codes and tries are meant: an account of a directory, or a name that nobody has there.
///
/// Both are keyed hashes and lead to rows of the same kind, so that verify and reset do the same work for either (NEX-4).
public struct CodeSubject: Sendable, Hashable {
    /// 32 bytes.
    public let bytes: [UInt8]
    /// nil where nobody is meant.
    public let accountID: String?

    /// An app's accounts are told apart by where their database lies, whatever the app is called: a reset there voids the
    /// codes of the account, by whichever name the program was named.
    public init(accountID: String, app: AppReference?, key: InstanceKey) {
        let fields = app.map { ["app's account", $0.database, accountID] } ?? ["account", "", accountID]
        bytes = Self.hash(fields, key)
        self.accountID = accountID
    }

    public init(_ account: Account, app: AppReference?, key: InstanceKey) {
        self.init(accountID: account.id, app: app, key: key)
    }

    public init(nobody name: AccountName, app: String?, key: InstanceKey) {
        bytes = Self.hash(["name", app ?? "", name.key], key)
        accountID = nil
    }

    private static func hash(_ fields: [String], _ key: InstanceKey) -> [UInt8] {
        key.authenticate(CodeMessage("code subject", fields.map { Array($0.utf8) }).bytes, for: .code)
    }
}

/// Whom a typed name means when it comes to codes.
struct CodeHolder {
    let directories: any RecoverableDirectories
    let key: InstanceKey

    struct Holder {
        let account: Account?
        let subject: CodeSubject
        /// How the directory is known; nil for the own one, and for an app that is not attached any more.
        let app: AppReference?
    }

    /// One look-up, whatever the name. An account that is disabled, or that its app's profile refuses, is nobody (NEX-4);
    /// so is everybody of an app that is not attached any more.
    func callAsFunction(_ name: AccountName, app: String?) async throws -> Holder {
        guard let directory = try directory(app) else { return nobody(name, app, in: nil) }
        return whom(name, app, found: try await directory.find([name])[0], in: directory)
    }

    /// The same for many at once, which are of one directory.
    func callAsFunction(_ requests: [CodeRequest]) async throws -> [Holder] {
        let (app, names) = (requests.first?.app, requests.map { AccountName($0.name) })
        guard let directory = try directory(app) else { return names.map { nobody($0, app, in: nil) } }
        return zip(names, try await directory.find(names)).map { whom($0, app, found: $1, in: directory) }
    }

    private func directory(_ app: String?) throws -> (any Directory)? {
        do {
            return try directories.named(app).directory
        } catch let error as RecoveryError where error.code == .unknownApp {
            return nil
        }
    }

    private func whom(_ name: AccountName, _ app: String?, found: Account?, in directory: any Directory) -> Holder {
        guard let found, found.isActive else { return nobody(name, app, in: directory.app) }
        return Holder(
            account: found, subject: CodeSubject(found, app: directory.app, key: key), app: directory.app)
    }

    private func nobody(_ name: AccountName, _ app: String?, in reference: AppReference?) -> Holder {
        Holder(account: nil, subject: CodeSubject(nobody: name, app: app, key: key), app: reference)
    }
}
