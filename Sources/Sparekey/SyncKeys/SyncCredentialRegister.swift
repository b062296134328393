/// One account's sync credential as a server holds it in memory.
public struct SyncEntry: Sendable, Hashable {
    public let accountID: String
    public let username: String
    /// ``SyncKey/mac(_:)``, 32 bytes.
    public let mac: [UInt8]

    public init(accountID: String, username: String, mac: [UInt8]) {
        self.accountID = accountID
        self.username = username
        self.mac = mac
    }
}

/// Some of the entries.
public struct SyncEntryPage: Sendable {
    public let entries: [SyncEntry]
    /// What to name as `after` for the next page; nil at the end.
    public let next: String?

    public init(entries: [SyncEntry], next: String?) {
        self.entries = entries
        self.next = next
    }
}

/// An account that asks for its sync key, with what its password is verified against.
public struct SyncCandidate: Sendable {
    public let account: Account
    public let loginHash: String?
    /// Whether Sparekey wrote the login hash. Where somebody wrote it by SQL (LST-5), the sync credential is another
    /// password's.
    public let isOwnHash: Bool
    /// nil where there is no sync credential: made before `sync_keys` was on, or voided by a new instance key.
    public let pbkdf2: String?
    public let mac: [UInt8]?

    public init(account: Account, loginHash: String?, isOwnHash: Bool, pbkdf2: String?, mac: [UInt8]?) {
        self.isOwnHash = isOwnHash
        self.account = account
        self.loginHash = loginHash
        self.pbkdf2 = pbkdf2
        self.mac = mac
    }
}

/// Where sync credentials rest.
public protocol SyncCredentialRegister: Sendable {
    /// The entries of enabled accounts in the order of their ids, behind `after`; without those whose login hash was
    /// written by somebody else since.
    func entries(after accountID: String?, limit: Int) async throws -> SyncEntryPage

    /// nil where the account is gone or disabled, or has no sync credential.
    func entry(of accountID: String) async throws -> SyncEntry?

    func syncCandidate(_ name: AccountName) async throws -> SyncCandidate?

    /// Gives an account the sync credential that derives from the password it has.
    ///
    /// - Returns: false, with nothing written, where another login hash than the verified one stands by now.
    func putSyncCredential(mac: [UInt8], pbkdf2: String, account: Account, verifiedHash: String) async throws -> Bool
}
