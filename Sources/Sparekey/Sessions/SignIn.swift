public import PasswordHashing

/// Who tries to sign in, from where.
public struct SignInAttempt: Sendable {
    /// As typed: a username or an e-mail.
    public let name: String
    public let password: Password
    public let address: String?
    /// What the client calls itself.
    public let device: String?

    public init(name: String, password: Password, address: String?, device: String?) {
        self.name = name
        self.password = password
        self.address = address
        self.device = device
    }
}

/// A sign-in that succeeded. The secret is shown once, in the answer.
public struct BegunSession: Sendable {
    public let secret: SessionSecret
    public let session: SessionRecord
    public let account: Account
}

/// Signs somebody in by name and password.
///
/// Every attempt does the same work whatever the name stands for: one read, one verification (against a dummy where there
/// is nothing to verify), and, when it fails, one answer no earlier than the floor (SEC-4).
public struct SignIn: Sendable {
    private let sessions: any SessionRegister
    private let hasher: any PasswordHasher
    private let clock: any WallClock
    private let random: any RandomSource
    private let dummy: String

    /// - Parameter dummy: a stored hash that accepts nobody's password, to verify against where there is no account.
    public init(
        sessions: any SessionRegister, hasher: any PasswordHasher, dummy: String, clock: any WallClock,
        random: any RandomSource
    ) {
        self.sessions = sessions
        self.hasher = hasher
        self.dummy = dummy
        self.clock = clock
        self.random = random
    }

    /// Costs one run of the hash scheme and one small transaction.
    ///
    /// - Throws: ``RecoveryError`` `signInRefused`, the same for a wrong password, an unknown name, a disabled account and
    ///   an expired temporary password.
    public func callAsFunction(_ attempt: SignInAttempt) async throws -> BegunSession {
        let candidate = try await sessions.candidate(AccountName(attempt.name))
        let isRight = try await accepts(attempt.password, candidate?.hash)
        guard isRight, let candidate, let stored = candidate.hash, candidate.account.maySignIn(at: clock.now) else {
            throw Self.refusal
        }
        return try await begin(candidate.account, verified: stored, attempt)
    }

    /// A stored value that no format knows accepts nothing; it must cost what every other wrong password costs.
    private func accepts(_ raw: Password, _ stored: String?) async throws -> Bool {
        let password = (try? raw.normalizedNFC()) ?? raw
        guard let stored else {
            _ = try await hasher.verify(password, against: dummy)
            return false
        }
        do {
            return try await hasher.verify(password, against: stored)
        } catch is HashError {
            _ = try await hasher.verify(password, against: dummy)
            return false
        }
    }

    private func begin(_ account: Account, verified: String, _ attempt: SignInAttempt) async throws -> BegunSession {
        let now = clock.now
        let secret = SessionSecret(random: random)
        let record = SessionRecord(
            id: random.uuid(), accountID: account.id, createdAt: now, lastUsedAt: now, address: attempt.address,
            device: attempt.device.map { DisplayText($0, limit: 200).text })
        let audit = AuditEvent(
            .signedIn, actor: .owner(account, address: attempt.address), at: now, account: account, proof: "password")
        let begun = try await sessions.begin(
            NewSession(record: record, secretHash: secret.hash, verifiedHash: verified), audit: audit)
        guard begun else { throw Self.refusal }
        return BegunSession(secret: secret, session: record, account: account)
    }

    /// One answer for every cause.
    static let refusal = RecoveryError(
        .signInRefused, reason: "the username or the password is not right",
        hint: "check both and try again; a forgotten password can be reset")
}
