public import PasswordHashing

/// Gives a sync client its key for its password (FLF-1): recomputed each time, never read from anywhere.
///
/// Every call does the same work whatever the name stands for: one read, one verification of a login hash, one of
/// PBKDF2.
public struct FetchSyncKey: Sendable {
    private let register: any SyncCredentialRegister
    private let entrance: SignInGuard
    private let hasher: any PasswordHasher
    private let key: InstanceKey
    private let table: SyncKeyTable
    private let clock: any WallClock
    private let dummies: Dummies

    /// Stored values that accept nobody's password.
    public struct Dummies: Sendable {
        public let login: String
        public let pbkdf2: String

        public init(login: String, pbkdf2: String) {
            self.login = login
            self.pbkdf2 = pbkdf2
        }
    }

    public init(
        register: any SyncCredentialRegister, entrance: SignInGuard, hasher: any PasswordHasher, key: InstanceKey,
        table: SyncKeyTable,
        dummies: Dummies, clock: any WallClock
    ) {
        self.register = register
        self.entrance = entrance
        self.hasher = hasher
        self.key = key
        self.table = table
        self.dummies = dummies
        self.clock = clock
    }

    /// - Throws: ``RecoveryError`` `signInRefused`, the same for every cause: wrong, unknown, disabled, expired;
    ///   `throttled` and `overloaded` as for a sign-in.
    public func callAsFunction(name text: String, password raw: Password, address: String?) async throws -> SyncKey {
        let (start, name) = (ContinuousClock.now, AccountName(text))
        let password = (try? raw.normalizedNFC()) ?? raw
        let candidate = try await register.syncCandidate(name)
        let charged = ThrottledTry(
            .signIn, address: address, name: name, account: ThrottledAccount(candidate?.account, named: name))
        let charge = try await entrance.chargeTry(charged)
        if let error = charge.error { throw error }
        let isRight: Bool
        do {
            isRight = try await accepts(password, candidate)
        } catch let error as RecoveryError where error.code == .overloaded {
            try await entrance.chargeTry.giveBack(charge)
            throw error
        }
        guard isRight, charge.verdict == .allowed, let candidate, candidate.account.maySignIn(at: clock.now) else {
            try await entrance.recordWrongTries(charged)
            await entrance.floor.delay(since: start)
            throw SignIn.refusal
        }
        try await entrance.chargeTry.giveBack(charge)
        return try await key(for: candidate, password)
    }

    private func key(for candidate: SyncCandidate, _ password: Password) async throws -> SyncKey {
        let syncKey = SyncKey(username: candidate.account.username, password: password)
        if candidate.mac != syncKey.mac(key) { try await renew(syncKey, candidate, password) }
        // The key that is handed out works at once, whoever wrote it and however lately.
        if table.username(of: syncKey) == nil { try await table.refresh(accountID: candidate.account.id) }
        return syncKey
    }

    /// The PBKDF2 value decides where there is one; otherwise the login hash does. Both are always computed.
    private func accepts(_ password: Password, _ candidate: SyncCandidate?) async throws -> Bool {
        let pbkdf2 = candidate?.isOwnHash == true ? candidate?.pbkdf2 : nil
        let sync = try await verify(password, pbkdf2, otherwise: dummies.pbkdf2)
        let login = try await verify(password, pbkdf2 == nil ? candidate?.loginHash : nil, otherwise: dummies.login)
        return pbkdf2 == nil ? login : sync
    }

    private func verify(_ password: Password, _ stored: String?, otherwise dummy: String) async throws -> Bool {
        do {
            if let stored { return try await hasher.verify(password, against: stored) }
        } catch is HashError {
            // A value that no format knows accepts nothing, and costs what every other does.
        }
        _ = try await hasher.verify(password, against: dummy)
        return false
    }

    /// Accounts from before `sync_keys` was on, or before a new instance key, get their credential at this password.
    private func renew(_ syncKey: SyncKey, _ candidate: SyncCandidate, _ password: Password) async throws {
        guard let hash = candidate.loginHash else { throw SignIn.refusal }
        let written = try await register.putSyncCredential(
            mac: syncKey.mac(key), pbkdf2: try await hasher.makePBKDF2(password), account: candidate.account,
            verifiedHash: hash)
        guard written else { throw SignIn.refusal }
    }
}
