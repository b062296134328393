/// A session as the store keeps it, without its secret.
public struct SessionRecord: Sendable, Hashable {
    public let id: String
    public let accountID: String
    public let createdAt: Timestamp
    /// No older than ``SessionLimits/touchEvery`` behind the last use.
    public let lastUsedAt: Timestamp
    /// The peer's address at the sign-in.
    public let address: String?
    /// What the client calls itself, cleaned, for the person to know it again.
    public let device: String?

    public init(
        id: String, accountID: String, createdAt: Timestamp, lastUsedAt: Timestamp, address: String?, device: String?
    ) {
        self.id = id
        self.accountID = accountID
        self.createdAt = createdAt
        self.lastUsedAt = lastUsedAt
        self.address = address
        self.device = device
    }
}

/// An account that somebody may sign in to, with what their password is verified against.
public struct SignInCandidate: Sendable {
    public let account: Account
    /// nil where the account has no password.
    public let hash: String?
    /// Says that Sparekey wrote the hash (``InstanceKey/witness(of:account:)``).
    public let mark: [UInt8]?

    public init(account: Account, hash: String?, mark: [UInt8]?) {
        self.mark = mark
        self.account = account
        self.hash = hash
    }
}

/// A session about to begin, and what must still hold when it is written.
public struct NewSession: Sendable {
    public let record: SessionRecord
    /// ``SessionSecret/hash``.
    public let secretHash: [UInt8]
    /// The stored hash that accepted the password: a reset that was committed meanwhile makes the sign-in void.
    public let verifiedHash: String
}

/// Somebody signed in: the session and the account it belongs to, as stored now.
public struct SignedIn: Sendable {
    public let session: SessionRecord
    public let account: Account

    public init(session: SessionRecord, account: Account) {
        self.session = session
        self.account = account
    }
}

/// Where sessions rest.
public protocol SessionRegister: Sendable {
    /// The account of that name and its stored hash, in one indexed read; nil where there is no such account.
    func candidate(_ name: AccountName) async throws -> SignInCandidate?

    /// Begins a session, notes the sign-in on the account and appends the audit row, in one transaction.
    ///
    /// - Returns: false, with nothing written, where the account is gone, disabled, or has another hash than the one
    ///   that was verified.
    func begin(_ session: NewSession, audit: AuditEvent) async throws -> Bool

    /// One indexed read.
    func find(secretHash: [UInt8]) async throws -> SignedIn?

    /// The same by the session's id.
    func find(session id: String) async throws -> SignedIn?

    /// Notes the use of a session at `now`; nothing happens when it has ended.
    func touch(_ session: SessionRecord, now: Timestamp) async throws

    /// The account's sessions, the last used first, at most 100.
    func sessions(of account: Account) async throws -> [SessionRecord]

    /// Ends one session of the account with its audit row; false where there is none of that id.
    func end(session id: String, of account: Account, audit: AuditEvent) async throws -> Bool

    /// Ends all sessions of the account but the one of that id, in one transaction with one audit row. Without any nothing is
    /// written, the audit row neither.
    func endAll(of account: Account, except id: String?, audit: AuditEvent) async throws

    /// Removes sessions that began before `created` or were last used before `used`. Returns how many.
    func removeSessions(created: Timestamp, used: Timestamp) async throws -> Int
}

/// How long a session lives (settings `sessions.idle`, `sessions.absolute`).
public struct SessionLimits: Sendable {
    public let idle: Duration
    public let absolute: Duration
    /// A use is noted no more often than this, so that reading does not write.
    public static let touchEvery = Duration.seconds(60)

    public init(idle: Duration, absolute: Duration) {
        self.idle = idle
        self.absolute = absolute
    }
}
