import Sparekey
import SparekeySQL
import SparekeyStore
import SparekeyTesting
import Testing

@Suite("Undoing a reset")
struct UndoTests {
    private func undo(_ fixture: StoreFixture, _ number: Int64) async throws -> ResetReport {
        let flow = UndoReset(
            directory: fixture.store, ledger: fixture.store, journal: fixture.store, refresh: NoServerToRefresh(),
            clock: fixture.clock,
            random: SystemRandomSource())
        return try await flow(number, actor: StoreFixture.actor, reason: nil)
    }

    private func sealedRows(_ fixture: StoreFixture) async throws -> Int64 {
        let handle = try await fixture.database.open()
        let rows = try await handle.transaction(.read) {
            try $0.query("SELECT count(*) AS n FROM reset WHERE sealed_old IS NOT NULL OR sealed_new IS NOT NULL")
        }
        await handle.close()
        return try #require(rows.first).integer("n")
    }

    @Test("every column comes back as it was, and no sealed value is left", arguments: TestDatabase.Kind.all)
    func back(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada")
            let before = try await fixture.store.read(account)
            let report = try await fixture.pipeline()(try await fixture.request(account, "new password"))
            _ = try await undo(fixture, report.number)
            let after = try await fixture.store.read(account)
            let left = try await sealedRows(fixture)
            #expect(after == before)
            #expect(left == 0)
            await #expect(throws: RecoveryError(.notUndoable, reason: "")) { try await undo(fixture, report.number) }
        }
    }

    @Test("it is refused after a later change, and that change stays", arguments: TestDatabase.Kind.all)
    func changedSince(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada")
            let first = try await fixture.pipeline()(try await fixture.request(account, "first new"))
            let second = try await fixture.pipeline()(try await fixture.request(account, "second new"))
            await #expect(throws: RecoveryError(.notUndoable, reason: "")) { try await undo(fixture, first.number) }
            let stays = try await fixture.accepts("second new", account)
            #expect(stays)
            _ = try await undo(fixture, second.number)
            _ = try await undo(fixture, first.number)
            let isBack = try await fixture.accepts("old password", account)
            #expect(isBack)
        }
    }

    @Test(
        "it is refused once its time is over, whether or not the seals were dropped", arguments: TestDatabase.Kind.all)
    func late(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada")
            let report = try await fixture.pipeline()(try await fixture.request(account, "new password"))
            fixture.clock.advance(by: .seconds(7200))
            await #expect(throws: RecoveryError(.notUndoable, reason: "")) { try await undo(fixture, report.number) }
            let stays = try await fixture.accepts("new password", account)
            #expect(stays)
        }
    }

    @Test("a reset that keeps nothing drops what earlier ones of the account kept", arguments: TestDatabase.Kind.all)
    func compromised(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada")
            _ = try await fixture.pipeline()(try await fixture.request(account, "first new"))
            let last = try await fixture.pipeline()(
                try await fixture.request(account, "second new", keepsUndo: false))
            let left = try await sealedRows(fixture)
            #expect(left == 0)
            await #expect(throws: RecoveryError(.notUndoable, reason: "")) { try await undo(fixture, last.number) }
        }
    }

    @Test("of many undos at once one wins", arguments: TestDatabase.Kind.all)
    func race(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada")
            let report = try await fixture.pipeline()(try await fixture.request(account, "new password"))
            let winners = await withTaskGroup(of: Int.self) { group in
                for _ in 0..<8 {
                    group.addTask { (try? await undo(fixture, report.number)) == nil ? 0 : 1 }
                }
                return await group.reduce(0, +)
            }
            let isBack = try await fixture.accepts("old password", account)
            #expect(winners == 1)
            #expect(isBack)
        }
    }
}

@Suite("Changing and removing accounts")
struct AccountChangeTests {
    private func event(_ account: Account, _ fixture: StoreFixture) -> AuditEvent {
        AuditEvent(.accountChanged, actor: StoreFixture.actor, at: fixture.clock.now, account: account)
    }

    @Test("a new username voids the sync credential and nothing else", arguments: TestDatabase.Kind.all)
    func rename(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada", email: "ada@x.org")
            let change = AccountChange(username: try Username("Countess"), email: nil, displayName: nil, role: nil)
            try await fixture.store.change(account, to: change, audit: [event(account, fixture)])
            let found = try await fixture.store.find(AccountName("ada@x.org"))
            let columns = try await fixture.store.read(account)
            let works = try await fixture.accepts("old password", account)
            #expect(found?.username == "Countess" && found?.id == account.id)
            #expect(columns?[OwnColumn.syncKeyMAC] == .null)
            #expect(works)
        }
    }

    @Test("the last enabled administrator can be neither removed nor made a user", arguments: TestDatabase.Kind.all)
    func lastAdministrator(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada", role: .admin)
            let change = AccountChange(username: nil, email: nil, displayName: nil, role: .user)
            await #expect(throws: RecoveryError(.notAllowed, reason: "")) {
                try await fixture.store.change(account, to: change, audit: [event(account, fixture)])
            }
            await #expect(throws: RecoveryError(.notAllowed, reason: "")) {
                try await fixture.store.remove(account, audit: event(account, fixture))
            }
            let works = try await fixture.accepts("old password", account)
            #expect(works)
        }
    }

    @Test("a removed account leaves nothing that could open anything", arguments: TestDatabase.Kind.all)
    func remove(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada")
            let report = try await fixture.pipeline()(try await fixture.request(account, "new password"))
            try await fixture.store.remove(account, audit: event(account, fixture))
            let columns = try await fixture.store.read(account)
            let sealed = try await fixture.store.sealedColumns(of: report.number)
            let record = try await fixture.store.record(report.number)
            #expect(columns == nil && sealed == nil)
            #expect(record?.username == "ada")
        }
    }
}
