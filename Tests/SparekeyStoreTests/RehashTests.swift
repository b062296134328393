import PasswordHashing
import Sparekey
import SparekeySQL
import SparekeyStore
import SparekeyTesting
import Synchronization
import Testing

@Suite("Rehashing after a sign-in")
struct RehashTests {
    /// The real primitive at a cost above that of the fixture's accounts; counts how often it was spent.
    private final class StrongerHasher: PasswordHasher {
        static let costText = "m=16,t=1,p=1"
        let made = Mutex(0)
        private let cheap = CheapHasher()

        func make(_ password: Password) async throws -> String {
            made.withLock { $0 += 1 }
            return try HashFormats.standard.make(password, cost: HashCost(scheme: "argon2id", text: Self.costText))
        }

        func verify(_ password: Password, against stored: String) async throws -> Bool {
            try await cheap.verify(password, against: stored)
        }

        func makePBKDF2(_ password: Password) async throws -> String { try await cheap.makePBKDF2(password) }
        func makeTokenHash(_ token: Password) async throws -> String { try await cheap.makeTokenHash(token) }
        func limitViolation(_ password: Password) -> PolicyViolation? { nil }
    }

    private func flow(
        _ fixture: StoreFixture, _ hasher: StrongerHasher, store: SparekeyStore? = nil
    ) throws -> RehashPassword {
        RehashPassword(
            hasher: hasher,
            needsRehash: NeedsRehash(to: try HashCost(scheme: "argon2id", text: StrongerHasher.costText)),
            key: fixture.key, register: store ?? fixture.store, clock: fixture.clock)
    }

    private func rows(_ fixture: StoreFixture, _ statement: SQLStatement) async throws -> [SQLRow] {
        let handle = try await fixture.database.open()
        let rows = try await handle.transaction(.read) { try $0.query(statement) }
        await handle.close()
        return rows
    }

    private func rehashes(_ fixture: StoreFixture) async throws -> Int {
        try await rows(fixture, "SELECT sequence FROM audit WHERE row LIKE '%password.rehashed%'").count
    }

    private func change(_ fixture: StoreFixture, _ statement: SQLStatement) async throws {
        let handle = try await fixture.database.open()
        _ = try await handle.transaction(.write) { try $0.execute(statement) }
        await handle.close()
    }

    @Test(
        "of 64 sign-ins at once one spends a hash and writes it, with one audit row", arguments: TestDatabase.Kind.all)
    func once(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada", password: "a password")
            let verified = try #require(try await fixture.store.read(account))
            let hasher = StrongerHasher()
            let rehash = try flow(fixture, hasher)
            let outcomes = try await withThrowingTaskGroup(of: RehashPassword.Outcome.self) { group in
                for _ in 0..<64 {
                    group.addTask {
                        try await rehash(
                            account, password: Password(utf8: "a password"), verified: verified, address: "192.0.2.1")
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.filter { $0 == .rehashed }.count == 1)
            #expect(outcomes.allSatisfy { [.rehashed, .underWay, .changedMeanwhile].contains($0) })
            #expect(hasher.made.withLock(\.self) == 1)
            #expect(try await rehashes(fixture) == 1)
            try await expectRehashed(fixture, account, from: verified)
        }
    }

    /// Hash and mark are new and right; everything else is as it was.
    private func expectRehashed(_ fixture: StoreFixture, _ account: Account, from old: StoredColumns) async throws {
        let new = try #require(try await fixture.store.read(account))
        guard case .text(let hash) = new[OwnColumn.passwordHash] else {
            Issue.record("there is no hash any more")
            return
        }
        #expect(hash.contains("m=16,t=1,p=1"))
        #expect(new[OwnColumn.passwordMark] == .bytes(fixture.key.witness(of: hash, account: account.id)))
        #expect(try await fixture.accepts("a password", account))
        for column in [OwnColumn.requireChange, OwnColumn.expiresAt, OwnColumn.syncKeyMAC, OwnColumn.syncPBKDF2] {
            #expect(new[column] == old[column])
        }
        #expect(try await fixture.store.passwordHistory(of: account, limit: 10).isEmpty)
    }

    @Test("servers that rehash the same account at once write one hash", arguments: TestDatabase.Kind.all)
    func severalServers(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada", password: "a password")
            let verified = try #require(try await fixture.store.read(account))
            let hasher = StrongerHasher()
            var stores: [SparekeyStore] = []
            for _ in 0..<4 { stores.append(try await fixture.another()) }
            let flows = try stores.map { try flow(fixture, hasher, store: $0) }
            let outcomes = try await withThrowingTaskGroup(of: RehashPassword.Outcome.self) { group in
                for number in 0..<64 {
                    group.addTask {
                        try await flows[number % flows.count](
                            account, password: Password(utf8: "a password"), verified: verified, address: nil)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            for store in stores { await store.close() }
            #expect(outcomes.filter { $0 == .rehashed }.count == 1)
            #expect(hasher.made.withLock(\.self) <= stores.count)
            #expect(try await rehashes(fixture) == 1)
            try await expectRehashed(fixture, account, from: verified)
        }
    }

    @Test("what a reset wrote meanwhile stays", arguments: TestDatabase.Kind.all)
    func resetMeanwhile(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada", password: "a password")
            let verified = try #require(try await fixture.store.read(account))
            guard case .text(let hash) = verified[OwnColumn.passwordHash],
                case .bytes(let mark) = verified[OwnColumn.passwordMark]
            else {
                Issue.record("there is no hash")
                return
            }
            _ = try await fixture.pipeline()(try await fixture.request(account, "another password"))
            let late = RehashPlan(
                account: account, verified: (hash, mark), new: ("$new", [1]),
                audit: AuditEvent(
                    .passwordRehashed, actor: .owner(account, address: nil), at: fixture.clock.now, account: account))
            #expect(try await !fixture.store.rehash(late))
            #expect(try await fixture.accepts("another password", account))
            #expect(try await rehashes(fixture) == 0)
        }
    }

    @Test("a hash that was written by SQL stays as it is, for doctor to report", arguments: TestDatabase.Kind.all)
    func foreign(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada")
            let hash = try await CheapHasher().make(Password(utf8: "by hand"))
            try await change(fixture, "UPDATE account SET password_hash = \(hash) WHERE id = \(account.id)")
            let hasher = StrongerHasher()
            for mark in [SQLStatement("password_mark"), "NULL"] {
                try await change(fixture, "UPDATE account SET password_mark = \(part: mark)")
                let verified = try #require(try await fixture.store.read(account))
                let outcome = try await flow(fixture, hasher)(
                    account, password: Password(utf8: "by hand"), verified: verified, address: nil)
                #expect(outcome == .foreign)
                #expect(try await fixture.store.read(account) == verified)
            }
            #expect(hasher.made.withLock(\.self) == 0)
        }
    }

    @Test("while a reset can be undone its hash stays, and afterwards it goes", arguments: TestDatabase.Kind.all)
    func undoable(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada")
            _ = try await fixture.pipeline()(try await fixture.request(account, "a password"))
            let verified = try #require(try await fixture.store.read(account))
            let rehash = try flow(fixture, StrongerHasher())
            let password = Password(utf8: "a password")
            #expect(try await rehash(account, password: password, verified: verified, address: nil) == .keptForUndo)
            #expect(try await fixture.store.read(account) == verified)
            fixture.clock.advance(by: .seconds(7201))
            #expect(try await rehash(account, password: password, verified: verified, address: nil) == .rehashed)
        }
    }

    @Test("a hash as strong as the directory's costs nothing", arguments: TestDatabase.Kind.all)
    func strongEnough(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada", password: "a password")
            let hasher = StrongerHasher()
            let (rehash, password) = (try flow(fixture, hasher), Password(utf8: "a password"))
            let old = try #require(try await fixture.store.read(account))
            #expect(try await rehash(account, password: password, verified: old, address: nil) == .rehashed)
            let new = try #require(try await fixture.store.read(account))
            #expect(try await rehash(account, password: password, verified: new, address: nil) == .strongEnough)
            #expect(hasher.made.withLock(\.self) == 1)
        }
    }
}

@Suite("What the sign-in floor keeps in the store")
struct SignInFloorRegisterTests {
    @Test("pages hold every account's hash once, and no account without one", arguments: TestDatabase.Kind.all)
    func pages(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            var expected: Set<String> = []
            for number in 0..<7 {
                let account = try await fixture.add("user\(number)")
                guard case .text(let hash) = try await fixture.store.read(account)?[OwnColumn.passwordHash] else {
                    continue
                }
                expected.insert(hash)
            }
            let handle = try await fixture.database.open()
            let gone = try await handle.transaction(.write) { connection in
                let hash = try connection.query("SELECT password_hash FROM account WHERE username_key = 'user3'").first
                try connection.execute("UPDATE account SET password_hash = NULL WHERE username_key = 'user3'")
                return try hash?.text("password_hash")
            }
            await handle.close()
            expected.remove(try #require(gone))
            var seen: [String] = []
            var after: String?
            repeat {
                let page = try await fixture.store.passwordHashes(after: after, limit: 2)
                seen += page.hashes
                after = page.next
            } while after != nil
            #expect(seen.count == 6 && Set(seen) == expected)
        }
    }

    @Test("a floor is read back as it was kept, the newest one", arguments: TestDatabase.Kind.all)
    func kept(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            #expect(try await fixture.store.keptSignInFloor() == nil)
            for milliseconds in [20, 1234] {
                let floor = KeptSignInFloor(
                    costPrefix: "$argon2id$v=19$m=19456,t=2,p=1", p99: .milliseconds(milliseconds))
                try await fixture.store.keep(floor)
                #expect(try await fixture.store.keptSignInFloor() == floor)
            }
        }
    }
}
