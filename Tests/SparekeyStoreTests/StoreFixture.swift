import PasswordHashing
import Sparekey
import SparekeySQL
import SparekeyStore
import SparekeyTesting

/// A store on a fresh database of either kind, with the real parts around it; only the hash is a cheap one.
struct StoreFixture: Sendable {
    let database: TestDatabase
    let key: InstanceKey
    let store: SparekeyStore
    let clock: FixedClock

    static let key = InstanceKey([UInt8](repeating: 1, count: 32))
    static let otherKey = InstanceKey([UInt8](repeating: 2, count: 32))

    static func with(_ kind: TestDatabase.Kind, _ body: (StoreFixture) async throws -> Void) async throws {
        try await TestDatabase.with(kind) { database in
            guard let key else { return }
            let store = try await SparekeyStore.open(
                try await database.open(timeout: .seconds(300)), key: key, mayCreate: true, random: SystemRandomSource()
            )
            try await body(StoreFixture(database: database, key: key, store: store, clock: FixedClock()))
            await store.close()
        }
    }

    /// Another handle on the same database, as another process would have it.
    func another() async throws -> SparekeyStore {
        try await SparekeyStore.open(
            try await database.open(timeout: .seconds(300)), key: key, mayCreate: false, random: SystemRandomSource())
    }

    static let actor = Actor(realUserID: 1000, loginUserID: nil, userName: "op", claimedUser: nil)

    func credentials(syncKeys: Bool = true) -> MakeCredentials {
        MakeCredentials(hasher: CheapHasher(), key: key, syncKeys: syncKeys)
    }

    @discardableResult
    func add(
        _ username: String, email: String? = nil, role: AccountRole = .user, password: String = "old password",
        onlyWithoutAdministrator: Bool = false
    ) async throws -> Account {
        let account = Account(
            id: SystemRandomSource().uuid(), username: username, email: email, displayName: username, role: role,
            isActive: true, createdAt: clock.now)
        let columns = try await credentials()(
            Password(utf8: password), account: account, requireChange: false, expiresAt: nil)
        try await store.add(
            NewAccount(account: account, credentials: columns),
            onlyWithoutAdministrator: onlyWithoutAdministrator,
            audit: AuditEvent(.accountAdded, actor: Self.actor, at: clock.now, account: account))
        return account
    }

    func pipeline(
        _ store: SparekeyStore? = nil, historyKept: Int = 0, patience: Duration = .seconds(300)
    ) -> ResetPassword {
        ResetPassword(
            directory: store ?? self.store, ledger: store ?? self.store, credentials: credentials(),
            refresh: NoServerToRefresh(),
            rules: ResetRules(
                temporary: TemporaryPasswords(rule: .given, lifetime: .seconds(3600)), historyKept: historyKept,
                undoKept: .seconds(7200), patience: patience),
            clock: clock, random: SystemRandomSource())
    }

    func request(
        _ account: Account, _ password: String, keepsUndo: Bool = true, proof: Proof = .operatorShell
    ) async throws -> ResetRequest {
        let judge = JudgePassword(policy: PasswordPolicy(.basic, strengthBits: 0), hasher: CheapHasher())
        return ResetRequest(
            account: account,
            password: try await judge(Password(utf8: password), origin: .given, context: PolicyContext()),
            form: .interactive, proof: proof, actor: Self.actor, reason: nil, forceChange: nil,
            keepsUndo: keepsUndo)
    }

    /// A plan made from what is stored now, for tests that stop between its steps.
    func plan(
        _ account: Account, _ password: String, proof: Proof = .operatorShell
    ) async throws -> ResetPlan {
        let columns = try await credentials()(
            Password(utf8: password), account: account, requireChange: false, expiresAt: nil)
        return try await pipeline().plan(try await request(account, password, proof: proof), new: columns)
    }

    func accepts(_ password: String, _ account: Account) async throws -> Bool {
        try await accepts(Password(utf8: password), account)
    }

    func accepts(_ password: Password, _ account: Account) async throws -> Bool {
        guard case .text(let hash) = try await store.read(account)?[OwnColumn.passwordHash] else { return false }
        return try HashFormats.standard.verify(password, against: hash)
    }
}

/// Argon2id at the least cost the library takes: the real primitive, quick enough for hundreds of resets.
struct CheapHasher: PasswordHasher {
    func make(_ password: Password) async throws -> String {
        try HashFormats.standard.make(password, cost: HashCost(scheme: "argon2id", text: "m=8,t=1,p=1"))
    }

    func verify(_ password: Password, against stored: String) async throws -> Bool {
        try HashFormats.standard.verify(password, against: stored)
    }

    func makePBKDF2(_ password: Password) async throws -> String {
        try HashFormats.standard.make(password, cost: HashCost(scheme: "pbkdf2-sha256", text: "1000"))
    }

    func makeTokenHash(_ token: Password) async throws -> String {
        try await make(token)
    }

    func limitViolation(_ password: Password) -> PolicyViolation? { nil }
}
