/// Whose codes and tries are meant: an account of a directory, or a name that nobody has there.
///
/// Both are keyed hashes and lead to rows of the same kind, so that verify and reset do the same work for either (NEX-4).
public struct CodeSubject: Sendable, Hashable {
    /// 32 bytes.
    public let bytes: [UInt8]
    /// nil where nobody is meant.
    public let accountID: String?

    public init(_ account: Account, app: String?, key: InstanceKey) {
        bytes = Self.hash(["account", app ?? "", account.id], key)
        accountID = account.id
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
    let directory: any Directory
    let key: InstanceKey

    /// One look-up, whatever the name. An account that is disabled is nobody (NEX-4).
    func callAsFunction(_ name: AccountName, app: String?) async throws -> (account: Account?, subject: CodeSubject) {
        whom(name, app: app, found: try await directory.find(name))
    }

    /// The same for many at once.
    func callAsFunction(
        _ requests: [CodeRequest]
    ) async throws -> [(account: Account?, subject: CodeSubject)] {
        let names = requests.map { AccountName($0.name) }
        return zip(zip(requests, names), try await directory.find(names)).map { asked, found in
            whom(asked.1, app: asked.0.app, found: found)
        }
    }

    private func whom(
        _ name: AccountName, app: String?, found: Account?
    ) -> (account: Account?, subject: CodeSubject) {
        guard let found, found.isActive, app == directory.app?.name else {
            return (nil, CodeSubject(nobody: name, app: app, key: key))
        }
        return (found, CodeSubject(found, app: app, key: key))
    }
}
