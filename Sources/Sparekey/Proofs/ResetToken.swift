import Foundation
import PasswordHashing

/// A reset token (LST-2, LST-3): 32 random bytes, shown once as 64 hexadecimal digits, kept as two derived values.
///
/// It is not printable; ``shownOnce`` is its only way to text.
public struct ResetToken: Sendable {
    /// The 32 bytes, wiped when the last copy goes.
    let secret: Password

    init(random: any RandomSource) {
        secret = Password(random.bytes(32))
    }

    /// - Parameter text: as ``shownOnce`` wrote it, with nothing but white space around it, which comes with pasting; nil
    ///   for anything else.
    public init?(text: String) {
        let digits = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard digits.utf8.count == 64, digits == digits.lowercased(), let bytes = [UInt8](hexadecimal: digits) else {
            return nil
        }
        secret = Password(bytes)
    }

    /// 64 lower-case hexadecimal digits, for the one time the token is shown.
    public var shownOnce: String {
        secret.withUnsafeBytes { Array($0).hexadecimal }
    }

    /// By which the row is found: the first 16 bytes of HMAC-SHA-256(token sub-key, label ‖ token). Whoever reads the
    /// database learns nothing by it, and a look-up compares the whole token at once.
    func lookup(_ key: InstanceKey) -> [UInt8] {
        let message = secret.withUnsafeBytes { Array("reset token".utf8) + $0 }
        return Array(key.authenticate(message, for: .token).prefix(16))
    }
}

/// A token as the store keeps it.
public struct StoredResetToken: Sendable {
    public let id: String
    public let accountID: String
    /// Whose account it is; nil for an own one.
    public let app: AppReference?
    /// 16 bytes, unique.
    public let lookup: [UInt8]
    /// Argon2id in PHC form, of the same 32 bytes.
    public let hash: String
    public let createdAt: Timestamp
    public let expiresAt: Timestamp
    public let usedAt: Timestamp?
    /// The administrator's account whose session it was issued by; nil for the operator's.
    public let issuerID: String?

    public init(
        id: String, accountID: String, app: AppReference? = nil, lookup: [UInt8], hash: String, createdAt: Timestamp,
        expiresAt: Timestamp, usedAt: Timestamp? = nil, issuerID: String? = nil
    ) {
        self.app = app
        self.issuerID = issuerID
        self.id = id
        self.accountID = accountID
        self.lookup = lookup
        self.hash = hash
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.usedAt = usedAt
    }

    /// Whether it can still be spent. The commit asks the same again, in its own transaction.
    func isLive(at now: Timestamp) -> Bool {
        usedAt == nil && expiresAt > now && createdAt <= now + Proof.clockTolerance
    }
}

/// Where reset tokens rest.
public protocol ResetTokenRegister: Sendable {
    /// Adds a token with its audit row, and removes old rows, in one transaction.
    func add(_ token: StoredResetToken, audit: AuditEvent) async throws

    /// The token with this look-up value, used or not; one indexed look-up however many there are. nil as well where an
    /// administrator issued it who is none any more, or is disabled or gone.
    func token(lookup: [UInt8]) async throws -> StoredResetToken?

    /// The id of the token that was last made for the own account, used or not; nil where there is none.
    func newestToken(of account: Account) async throws -> String?

    /// Removes rows 24 hours after they expired unused and 7 days after they were used; with `all` every expired or used one.
    /// Returns how many.
    func cleanUp(all: Bool, now: Timestamp) async throws -> Int
}

/// Issues a one-time reset token for an account; nothing about the account changes.
public struct IssueResetToken: Sendable {
    private let tokens: any ResetTokenRegister
    private let hasher: any PasswordHasher
    private let key: InstanceKey
    private let lifetime: Duration
    private let clock: any WallClock
    private let random: any RandomSource

    public init(
        tokens: any ResetTokenRegister, hasher: any PasswordHasher, key: InstanceKey, lifetime: Duration,
        clock: any WallClock, random: any RandomSource
    ) {
        self.tokens = tokens
        self.hasher = hasher
        self.key = key
        self.lifetime = lifetime
        self.clock = clock
        self.random = random
    }

    /// Costs one run of Argon2id and one small transaction.
    ///
    /// - Parameter app: whose account it is; nil for an own one.
    /// - Returns: the token, to be shown once, and when it stops working.
    public func callAsFunction(
        for account: Account, in app: AppReference? = nil, actor: Actor, reason: String?, proof: Proof = .operatorShell
    ) async throws -> (token: ResetToken, expiresAt: Timestamp) {
        let token = ResetToken(random: random)
        let now = clock.now
        let stored = StoredResetToken(
            id: random.uuid(), accountID: account.id, app: app, lookup: token.lookup(key),
            hash: try await hasher.makeTokenHash(token.secret), createdAt: now, expiresAt: now + lifetime,
            issuerID: actor.accountID)
        try await tokens.add(
            stored,
            audit: AuditEvent(
                .tokenIssued, actor: actor, at: now, account: account, app: app?.name, proof: proof.kind,
                reason: reason))
        return (token, stored.expiresAt)
    }
}
