public import PasswordHashing

/// Who tries to sign in, from where.
public struct SignInAttempt: Sendable {
    /// As typed: a username or an e-mail.
    public let name: String
    public let password: Password
    public let address: String?
    /// What the client calls itself.
    public let device: String?
    /// What the browser kept from an earlier sign-in, unchecked.
    public let token: DeviceToken?

    public init(name: String, password: Password, address: String?, device: String?, token: DeviceToken? = nil) {
        self.name = name
        self.password = password
        self.address = address
        self.device = device
        self.token = token
    }
}

/// A sign-in that succeeded. The secret is shown once, in the answer.
public struct BegunSession: Sendable {
    public let secret: SessionSecret
    public let session: SessionRecord
    public let account: Account
}

/// What every proof by password at the network's edge needs: limits, a record of what was wrong, and a floor under the
/// time of refusals.
public struct SignInGuard: Sendable {
    let chargeTry: ChargeTry
    let recordWrongTries: RecordWrongTries
    let floor: SignInFloor

    public init(chargeTry: ChargeTry, recordWrongTries: RecordWrongTries, floor: SignInFloor) {
        self.chargeTry = chargeTry
        self.recordWrongTries = recordWrongTries
        self.floor = floor
    }
}

/// Signs somebody in by name and password.
///
/// Every attempt does the same work whatever the name stands for: one read, one charge, one verification (against a dummy
/// where there is nothing to verify), and, when it fails, one note and one answer no earlier than the floor (SEC-4).
public struct SignIn: Sendable {
    private let sessions: any SessionRegister
    private let entrance: SignInGuard
    private let rehash: RehashQueue
    private let clock: any WallClock
    private let random: any RandomSource

    public init(
        sessions: any SessionRegister, entrance: SignInGuard, rehash: RehashQueue, clock: any WallClock,
        random: any RandomSource
    ) {
        self.sessions = sessions
        self.entrance = entrance
        self.rehash = rehash
        self.clock = clock
        self.random = random
    }

    /// Costs one run of the hash scheme and three small transactions.
    ///
    /// - Throws: ``RecoveryError`` `signInRefused`, the same for a wrong password, an unknown name, a disabled account and
    ///   an expired temporary password; `throttled`; `overloaded`.
    public func callAsFunction(_ attempt: SignInAttempt) async throws -> BegunSession {
        let start = ContinuousClock.now
        let name = AccountName(attempt.name)
        let candidate = try await sessions.candidate(name)
        let charged = ThrottledTry(
            .signIn, address: attempt.address, name: name, account: ThrottledAccount(candidate?.account, named: name),
            device: attempt.token)
        let charge = try await entrance.chargeTry(charged)
        if let error = charge.error { throw error }
        let password = (try? attempt.password.normalizedNFC()) ?? attempt.password
        let check = try await self.check(password, candidate, charge, since: start)
        guard check.isAccepted, charge.verdict == .allowed, let candidate,
            let begun = try await begin(candidate, password, attempt, charge)
        else {
            // Also when the client has gone meanwhile: what was tried was tried.
            try await Task { try await entrance.recordWrongTries(charged) }.value
            await entrance.floor.delay(check)
            throw Self.refusal
        }
        try await entrance.chargeTry.giveBack(charge)
        rehash.add(candidate, password: password, address: attempt.address)
        return begun
    }

    /// Where nothing was compared, because too many wait, nothing counts.
    private func check(
        _ password: Password, _ candidate: SignInCandidate?, _ charge: ThrottleCharge,
        since start: ContinuousClock.Instant
    ) async throws -> SignInCheck {
        do {
            return try await entrance.floor.check(password, against: candidate?.hash, since: start)
        } catch let error as RecoveryError where error.code == .overloaded {
            try await entrance.chargeTry.giveBack(charge)
            throw error
        }
    }

    /// Once more where the hash was replaced since it was read and still accepts the password: a rehash came between.
    private func begin(
        _ candidate: SignInCandidate, _ password: Password, _ attempt: SignInAttempt, _ charge: ThrottleCharge
    ) async throws -> BegunSession? {
        if let begun = try await begin(candidate, attempt) { return begun }
        guard let present = try await sessions.candidate(AccountName(attempt.name)), present.hash != candidate.hash,
            try await check(password, present, charge, since: .now).isAccepted
        else { return nil }
        return try await begin(present, attempt)
    }

    /// nil where the account may not sign in, or where another password was set since the hash was read.
    private func begin(_ candidate: SignInCandidate, _ attempt: SignInAttempt) async throws -> BegunSession? {
        let (account, now) = (candidate.account, clock.now)
        guard account.maySignIn(at: now), let verified = candidate.hash else { return nil }
        let secret = SessionSecret(random: random)
        let record = SessionRecord(
            id: random.uuid(), accountID: account.id, createdAt: now, lastUsedAt: now, address: attempt.address,
            device: attempt.device.map { DisplayText($0, limit: 200).text })
        let audit = AuditEvent(
            .signedIn, actor: .owner(account, address: attempt.address), at: now, account: account, proof: "password")
        let hasBegun = try await sessions.begin(
            NewSession(record: record, secretHash: secret.hash, verifiedHash: verified), audit: audit)
        return hasBegun ? BegunSession(secret: secret, session: record, account: account) : nil
    }

    /// One answer for every cause.
    static let refusal = RecoveryError(
        .signInRefused, reason: "the username or the password is not right",
        hint: "check both and try again; a forgotten password can be reset")
}
