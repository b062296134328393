import PasswordHashing
import Sparekey
import SparekeySQL
import SparekeyStore
import SparekeyTesting
import Testing

/// The flows that spend a proof, wired to a fixture's store or to another handle on its database.
extension StoreFixture {
    func accept(history: Int = 0, _ store: SparekeyStore? = nil) -> AcceptPassword {
        AcceptPassword(
            judge: JudgePassword(
                policy: PasswordPolicy(.basic, strengthBits: 10, history: history), hasher: CheapHasher()),
            directory: store ?? self.store, domain: nil)
    }

    /// The own directory alone, as the flows of codes and tokens ask for it.
    func directories(_ store: SparekeyStore? = nil, history: Int = 0) -> OwnDirectoryAlone {
        let reset = pipeline(store)
        return OwnDirectoryAlone(
            RecoverableDirectory(store ?? self.store, accept: accept(history: history, store)) { try await reset($0) })
    }

    func issueToken(
        _ account: Account, lifetime: Duration = .seconds(3600), by actor: Actor = actor
    ) async throws -> ResetToken {
        let issue = IssueResetToken(
            tokens: store, hasher: CheapHasher(), key: key, lifetime: lifetime, clock: clock,
            random: SystemRandomSource())
        return try await issue(for: account, actor: actor, reason: nil).token
    }

    private static let noLimits = ThrottleLimits(
        areOn: false, request: ThrottleLimits.standard.request, signIn: ThrottleLimits.standard.signIn,
        guess: ThrottleLimits.standard.guess)

    /// Without limits: tests of tokens and codes count tries by themselves.
    func tryLimits(_ store: SparekeyStore) -> TryLimits {
        TryLimits(
            chargeTry: ChargeTry(register: store, key: key, limits: Self.noLimits, clock: clock),
            recordWrongTries: RecordWrongTries(register: store, key: key, clock: clock))
    }

    func consumeToken(
        _ store: SparekeyStore? = nil, keepsAddress: Bool = false, history: Int = 0,
        hasher: any PasswordHasher = CheapHasher()
    ) -> ConsumeResetToken {
        ConsumeResetToken(
            tokens: store ?? self.store, limits: tryLimits(store ?? self.store),
            directories: directories(store, history: history), hasher: hasher, key: key, keepsAddress: keepsAddress,
            clock: clock)
    }

    func consume(
        _ token: String, _ password: String, _ flow: ConsumeResetToken? = nil
    ) async throws -> ResetReport {
        try await (flow ?? consumeToken())(
            ConsumeResetToken.Request(token: token, password: Password(utf8: password), address: "192.0.2.7"))
    }

    /// The one number that a query on a handle of its own answers.
    func number(_ statement: SQLStatement) async throws -> Int64 {
        try #require(try await rows(statement).first).integer("n")
    }

    func rows(_ statement: SQLStatement) async throws -> [SQLRow] {
        let handle = try await database.open()
        let rows = try await handle.transaction(.read) { try $0.query(statement) }
        await handle.close()
        return rows
    }

    func execute(_ statements: SQLStatement...) async throws {
        let handle = try await database.open()
        _ = try await handle.transaction(.write) { connection in
            for statement in statements { try connection.execute(statement) }
        }
        await handle.close()
    }

    /// Makes every update of the account's credentials fail, as a damaged or foreign trigger would.
    func breakAccounts() async throws {
        switch database.kind {
        case .sqlite:
            try await execute(
                """
                CREATE TRIGGER broken BEFORE UPDATE OF password_hash ON account
                BEGIN SELECT RAISE(ABORT, 'broken'); END
                """)
        case .postgreSQL:
            try await execute(
                """
                CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS
                'BEGIN RAISE EXCEPTION ''broken''; END'
                """,
                "CREATE TRIGGER broken BEFORE UPDATE OF password_hash ON account FOR EACH ROW EXECUTE FUNCTION broken()"
            )
        case .mariaDB: throw TestDatabase.Kind.NotAnOwnDirectory()
        }
    }

    func mendAccounts() async throws {
        try await execute(database.kind == .sqlite ? "DROP TRIGGER broken" : "DROP TRIGGER broken ON account")
    }
}

/// The code of the error that `body` throws; nil when it throws none.
func recoveryCode(_ body: () async throws -> Void) async -> RecoveryError.Code? {
    do {
        try await body()
        return nil
    } catch {
        return (error as? RecoveryError)?.code ?? RecoveryError.Code("\(error)")
    }
}

/// How the many that tried the same at once ended: `nil` stands for success.
func race(
    _ count: Int, _ body: @escaping @Sendable (Int) async throws -> Void
) async -> [RecoveryError.Code?: Int] {
    await withTaskGroup(of: RecoveryError.Code?.self) { group in
        for index in 0..<count {
            group.addTask { await recoveryCode { try await body(index) } }
        }
        return await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }
}
