import Dispatch
import PasswordHashing
import Sparekey
import SparekeySQL
import SparekeyStore
import SparekeyTesting
import Testing

@Suite("The journal and the commit of a reset")
struct LedgerTests {
    private func states(_ fixture: StoreFixture) async throws -> [String] {
        let handle = try await fixture.database.open()
        let rows = try await handle.transaction(.read) { try $0.query("SELECT state FROM reset ORDER BY number") }
        await handle.close()
        return try rows.map { try $0.text("state") }
    }

    private func number(_ fixture: StoreFixture, _ statement: SQLStatement) async throws -> Int64 {
        let handle = try await fixture.database.open()
        let rows = try await handle.transaction(.read) { try $0.query(statement) }
        await handle.close()
        return try #require(rows.first).integer("n")
    }

    @Test(
        "keeps what every ledger promises", arguments: TestDatabase.Kind.all, LedgerConformance.Promise.allCases)
    func conforms(kind: TestDatabase.Kind, promise: LedgerConformance.Promise) async throws {
        try await StoreFixture.with(kind) { fixture in
            try await fixture.add("ada")
            let other = try await fixture.another()
            let parties = [fixture.store, other].map { store in
                LedgerConformance.Party(ledger: store, journal: store) { try await store.settle(now: $0) }
            }
            let suite = LedgerConformance(
                of: "ada", in: fixture.store, first: parties[0], second: parties[1],
                steps: .init(
                    make: { password, account, _ in
                        try await fixture.credentials()(
                            password, account: account, requireChange: false, expiresAt: nil)
                    },
                    accepts: { try await fixture.accepts($0, $1) },
                    now: { fixture.clock.now }))
            try await suite.check(promise)
            await other.close()
        }
    }

    @Test(
        "a reset replaces every credential, ends sessions and tokens, and is journalled",
        arguments: TestDatabase.Kind.all)
    func whole(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada")
            let before = try #require(try await fixture.store.read(account))
            let handle = try await fixture.database.open()
            _ = try await handle.transaction(.write) { connection in
                let id = account.id
                try connection.execute(
                    """
                    INSERT INTO session (id, account_id, secret_hash, created_at, last_used_at)
                    VALUES ('s', \(id), \([1] as [UInt8]), 0, 0)
                    """)
                try connection.execute(
                    """
                    INSERT INTO reset_token (id, account_id, lookup, hash, created_at, expires_at)
                    VALUES ('t', \(id), \([2] as [UInt8]), 'h', 0, 0)
                    """)
            }
            await handle.close()
            let report = try await fixture.pipeline()(try await fixture.request(account, "new password"))
            let after = try #require(try await fixture.store.read(account))
            for column in [OwnColumn.passwordHash, OwnColumn.passwordMark, OwnColumn.syncKeyMAC, OwnColumn.syncPBKDF2] {
                #expect(before[column] != after[column])
            }
            #expect(try await fixture.accepts("new password", account))
            #expect(try await number(fixture, "SELECT count(*) AS n FROM session") == 0)
            #expect(try await number(fixture, "SELECT count(*) AS n FROM reset_token") == 0)
            #expect(try await states(fixture) == ["done"])
            #expect(report.number == 1 && !report.superseded)
        }
    }

    @Test("a plan whose old values no longer stand changes nothing", arguments: TestDatabase.Kind.all)
    func changedMeanwhile(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada")
            let prepared = try await fixture.store.prepare(try await fixture.plan(account, "first new"))
            _ = try await fixture.pipeline()(try await fixture.request(account, "second new"))
            #expect(try await fixture.store.commit(prepared) == .changedMeanwhile)
            try await fixture.store.abandon(prepared)
            await prepared.release()
            #expect(try await fixture.accepts("second new", account))
            #expect(try await states(fixture) == ["abandoned", "done"])
        }
    }

    @Test("a database that never takes the change is not asked for ever", arguments: TestDatabase.Kind.all)
    func notTaken(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada")
            if kind == .sqlite {
                try await fixture.execute(
                    "CREATE TRIGGER deaf BEFORE UPDATE OF password_hash ON account BEGIN SELECT RAISE(IGNORE); END")
            } else {
                try await fixture.execute(
                    "CREATE FUNCTION deaf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
                    """
                    CREATE TRIGGER deaf BEFORE UPDATE OF password_hash ON account
                    FOR EACH ROW EXECUTE FUNCTION deaf()
                    """)
            }
            let request = try await fixture.request(account, "meadow-Copper-74")
            #expect(await recoveryCode { _ = try await fixture.pipeline()(request) } == .notVerified)
            #expect(try await states(fixture) == ["abandoned", "abandoned", "abandoned"])
        }
    }

    @Test("a commit that is repeated after a lost answer is the same commit", arguments: TestDatabase.Kind.all)
    func repeated(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada")
            let prepared = try await fixture.store.prepare(try await fixture.plan(account, "new password"))
            let first = try await fixture.store.commit(prepared)
            #expect(try await fixture.store.commit(prepared) == first)
            #expect(try await number(fixture, "SELECT count(*) AS n FROM audit") == 2)
            await prepared.release()
        }
    }

    @Test(
        "settling leaves a reset alone whose owner lives, and abandons it once the lock is free",
        arguments: TestDatabase.Kind.all)
    func settling(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada")
            let other = try await fixture.another()
            let prepared = try await fixture.store.prepare(try await fixture.plan(account, "new password"))
            #expect(try await other.settle(now: fixture.clock.now) == 0)
            #expect(try await states(fixture) == ["prepared"])
            await prepared.release()
            #expect(try await other.settle(now: fixture.clock.now) == 1)
            #expect(try await states(fixture) == ["abandoned"])
            #expect(try await fixture.accepts("old password", account))
            #expect(try await fixture.store.commit(prepared) == .changedMeanwhile)
            await other.close()
        }
    }

    @Test("sealed values go when undo is not wanted, and when its time is over", arguments: TestDatabase.Kind.all)
    func seals(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada")
            let sealed: SQLStatement =
                "SELECT count(*) AS n FROM reset WHERE sealed_old IS NOT NULL OR sealed_new IS NOT NULL"
            _ = try await fixture.pipeline()(try await fixture.request(account, "new password", keepsUndo: false))
            #expect(try await number(fixture, sealed) == 0)
            _ = try await fixture.pipeline()(try await fixture.request(account, "newer password"))
            #expect(try await number(fixture, sealed) == 1)
            fixture.clock.advance(by: .seconds(7199))
            try await fixture.store.settle(now: fixture.clock.now)
            #expect(try await number(fixture, sealed) == 1)
            fixture.clock.advance(by: .seconds(2))
            try await fixture.store.settle(now: fixture.clock.now)
            #expect(try await number(fixture, sealed) == 0)
        }
    }

    @Test("history keeps the replaced hashes and no more than asked", arguments: TestDatabase.Kind.all)
    func history(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada")
            for number in 1...4 {
                fixture.clock.advance(by: .seconds(1))
                _ = try await fixture.pipeline(historyKept: 2)(try await fixture.request(account, "password \(number)"))
            }
            let kept = try await fixture.store.passwordHistory(of: account, limit: 10)
            #expect(kept.count == 2)
            let newest = try #require(kept.first)
            let isThird = try HashFormats.standard.verify(Password(utf8: "password 3"), against: newest)
            #expect(isThird)
        }
    }

    @Test(
        "many resets at once over two handles: the highest sequence is the password that works",
        arguments: TestDatabase.Kind.all)
    func race(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada")
            let other = try await fixture.another()
            let numbers = try await withThrowingTaskGroup(of: (Int64, String).self) { group in
                for index in 0..<16 {
                    let password = "password \(index)"
                    let request = try await fixture.request(account, password)
                    let pipeline = fixture.pipeline(
                        index.isMultiple(of: 2) ? fixture.store : other, patience: .seconds(600))
                    group.addTask { (try await pipeline(request).number, password) }
                }
                return try await group.reduce(into: [Int64: String]()) { $0[$1.0] = $1.1 }
            }
            let winner = try await number(
                fixture,
                "SELECT number AS n FROM reset WHERE sequence = (SELECT max(sequence) FROM reset)")
            let password = try #require(numbers[winner])
            #expect(try await fixture.accepts(password, account))
            #expect(Set(try await states(fixture)).isSubset(of: ["done", "abandoned"]))
            await other.close()
        }
    }

    @Test("the audit rows are one chain under the instance key", arguments: TestDatabase.Kind.all)
    func audit(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada")
            _ = try await fixture.pipeline()(try await fixture.request(account, "new password"))
            let handle = try await fixture.database.open()
            let rows = try await handle.transaction(.read) {
                try $0.query("SELECT sequence, row, mac FROM audit ORDER BY sequence")
            }
            await handle.close()
            let chain = AuditChain(fixture.key)
            var previous: [UInt8] = []
            for (index, row) in rows.enumerated() {
                let sequence = try row.integer("sequence")
                #expect(sequence == Int64(index + 1))
                let mac = chain.link(previous: previous, sequence: sequence, row: try row.text("row"))
                #expect(try row.blob("mac") == mac)
                previous = mac
            }
            #expect(rows.count == 2)
            #expect(try rows[1].text("row").contains("password.reset"))
        }
    }

    @Test("no hash and no password stands in the journal or the audit trail", arguments: TestDatabase.Kind.all)
    func nothingReadable(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada")
            _ = try await fixture.pipeline()(try await fixture.request(account, "new password"))
            let handle = try await fixture.database.open()
            let rows = try await handle.transaction(.read) {
                try $0.query("SELECT * FROM reset") + $0.query("SELECT * FROM audit")
            }
            await handle.close()
            let bytes = rows.flatMap(\.values).flatMap { value -> [UInt8] in
                switch value {
                case .text(let text): Array(text.utf8)
                case .blob(let blob): blob
                default: []
                }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(!text.contains("$argon2id") && !text.contains("new password") && !text.contains("pbkdf2"))
            #expect(text.contains("password.reset"))
        }
    }

    @Test("an account that was renamed meanwhile gets no sync key of its old name", arguments: TestDatabase.Kind.all)
    func renamedMeanwhile(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada")
            let handle = try await fixture.database.open()
            // Without a sync credential before, nothing but the name has changed since the plan was made.
            _ = try await handle.transaction(.write) { try $0.execute("DELETE FROM sync_credential") }
            let prepared = try await fixture.store.prepare(try await fixture.plan(account, "new password"))
            _ = try await handle.transaction(.write) { try $0.execute("UPDATE account SET username = 'eve'") }
            await handle.close()
            await #expect(throws: RecoveryError(.changedMeanwhile, reason: "")) {
                try await fixture.store.commit(prepared)
            }
            await prepared.release()
            let stays = try await fixture.accepts("old password", account)
            #expect(stays)
        }
    }

    @Test("a commit whose first attempt is still ending waits for it, and is not made twice", .timeLimit(.minutes(5)))
    func lateFirstAttempt() async throws {
        guard !TestDatabase.isWithoutPostgreSQL else { return }
        try await StoreFixture.with(.postgreSQL) { fixture in
            let account = try await fixture.add("ada")
            let prepared = try await fixture.store.prepare(try await fixture.plan(account, "new password"))
            let handle = try await fixture.database.open()
            let (id, ending) = (prepared.plan.id, DispatchSemaphore(value: 0))
            let (begun, hasBegun) = AsyncStream.makeStream(of: Void.self)
            async let first: Int = handle.transaction(.write) { connection in
                let changed = try connection.execute(
                    "UPDATE reset SET state = 'done', sequence = 77 WHERE id = \(id)")
                hasBegun.finish()
                ending.wait()
                return changed
            }
            for await _ in begun {}
            async let second = fixture.store.commit(prepared)
            // Until the second is seen waiting for the first, on a connection beside both.
            while try await waiting() == 0 { await Task.yield() }
            ending.signal()
            #expect(try await first == 1)
            #expect(try await second == .done(sequence: 77))
            let stays = try await fixture.accepts("old password", account)
            #expect(stays)
            await handle.close()
            await prepared.release()
        }
    }

    private func waiting() async throws -> Int64 {
        let rows = try await TestDatabase.administer(
            "SELECT count(*) AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%FROM reset WHERE%'"
        )
        return try #require(rows.first).integer("n")
    }
}
