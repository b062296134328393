/// What a directory's store can tell about its state without being changed, for `sparekey doctor`.
///
/// It needs no key, so that it still answers when the key is the wrong one.
public protocol HealthRegister: Sendable {
    /// How many enabled administrators with a password there are, counted no further than `limit`.
    func enabledAdministrators(upTo limit: Int) async throws -> Int

    /// At most `limit` accounts in the order of their folded usernames.
    ///
    /// - Parameter after: a folded username; the page begins behind it.
    func credentials(after: String?, limit: Int) async throws -> [CredentialState]

    /// The resets that were prepared and neither done nor abandoned: under way at this moment, or cut off.
    func unfinishedResets() async throws -> Int

    /// The latest time in the journal; nil while it is empty.
    func latestReset() async throws -> Timestamp?

    /// What is recorded of the backups that `sparekey backup` made.
    func backups() async throws -> BackupRecord
}

/// When this instance was last backed up.
public struct BackupRecord: Sendable, Hashable {
    public let latest: Timestamp?
    /// The latest backup that holds the instance key too.
    public let latestWithKey: Timestamp?

    public init(latest: Timestamp?, latestWithKey: Timestamp?) {
        self.latest = latest
        self.latestWithKey = latestWithKey
    }
}

/// How one account's password stands.
public struct CredentialState: Sendable {
    public let accountID: String
    public let username: String
    /// What ``HealthRegister/credentials(after:limit:)`` takes to go on behind this account.
    public let usernameKey: String
    public let isActive: Bool
    public let requiresChange: Bool
    public let expiresAt: Timestamp?
    /// Null without a password; anything but a text was written by hand.
    public let passwordHash: StoredValue
    public let passwordMark: StoredValue

    public init(
        accountID: String, username: String, usernameKey: String, isActive: Bool, requiresChange: Bool,
        expiresAt: Timestamp?, passwordHash: StoredValue, passwordMark: StoredValue
    ) {
        self.accountID = accountID
        self.username = username
        self.usernameKey = usernameKey
        self.isActive = isActive
        self.requiresChange = requiresChange
        self.expiresAt = expiresAt
        self.passwordHash = passwordHash
        self.passwordMark = passwordMark
    }
}
