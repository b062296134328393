import Sparekey
import SparekeySQL
import SparekeyStore
import SparekeyTesting
import Testing

// One after the other: every new schema on PostgreSQL waits for the same lock.
@Suite("The head of the audit trail", .serialized)
struct AuditHeadTests {
    @Test("a head that is not on the trail is not the one expected", arguments: TestDatabase.Kind.all)
    func expected(_ kind: TestDatabase.Kind) async throws {
        try await AuditFixture.with(kind) { trail in
            let head = try #require(try await trail.store.verifyAuditTrail().head)
            for foreign in [AuditHead(sequence: 3, mac: head.mac), AuditHead(sequence: 9, mac: head.mac)] {
                #expect(try await trail.fault(expect: foreign) == .notExpected(foreign))
            }
            try await trail.act()
            #expect(try await trail.fault(expect: head) == nil)
        }
    }

    @Test("many that write at once leave the newest head", arguments: TestDatabase.Kind.all)
    func race(_ kind: TestDatabase.Kind) async throws {
        try await AuditFixture.with(kind) { trail in
            let other = try await SparekeyStore.open(
                try await trail.fixture.database.open(), key: trail.fixture.key, mayCreate: false,
                random: SystemRandomSource(), heads: trail.keeper)
            try await withThrowingTaskGroup { group in
                for number in 0..<24 {
                    group.addTask { try await trail.act(number.isMultiple(of: 2) ? trail.store : other) }
                }
                try await group.waitForAll()
            }
            await other.close()
            let verdict = try await trail.store.verifyAuditTrail()
            #expect(verdict.isValid && verdict.kept == verdict.head)
        }
    }

    @Test("an act that is refused keeps no head", arguments: TestDatabase.Kind.all)
    func refused(_ kind: TestDatabase.Kind) async throws {
        try await AuditFixture.with(kind) { trail in
            let kept = trail.keeper.kept()
            let account = Account(
                id: "another", username: "ADA", email: nil, displayName: "", role: .user, isActive: true,
                createdAt: trail.fixture.clock.now)
            await #expect(throws: RecoveryError(.taken, reason: "")) {
                try await trail.store.add(
                    NewAccount(account: account, credentials: StoredColumns([:])), onlyWithoutAdministrator: false,
                    audit: AuditEvent(
                        .accountAdded, actor: StoreFixture.actor, at: trail.fixture.clock.now, account: account)
                )
            }
            #expect(trail.keeper.kept() == kept)
            let fault = try await trail.fault()
            #expect(fault == nil)
        }
    }

    @Test("the listing is newest first, in pages, and finds by any field", arguments: TestDatabase.Kind.all)
    func listing(_ kind: TestDatabase.Kind) async throws {
        try await AuditFixture.with(kind) { trail in
            let list = ListAuditTrail(trail.store)
            let first = try await list(search: nil, after: nil, limit: 5)
            #expect(first.rows.map(\.sequence) == [8, 7, 6, 5, 4] && first.next == 4)
            let second = try await list(search: nil, after: first.next, limit: 5)
            #expect(second.rows.map(\.sequence) == [3, 2, 1] && second.next == nil)
            #expect(try await list(search: "ACCOUNT.ADDED", after: nil, limit: 5).rows.map(\.sequence) == [1])
            #expect(try await list(search: "a reason", after: nil, limit: 50).rows.count == 7)
            #expect(try await list(search: "2026-01-01T", after: nil, limit: 50).rows.count == 8)
            #expect(try await list(search: "nobody", after: nil, limit: 50).rows.isEmpty)
        }
    }

    @Test("a head is read as it is written, and nothing else is")
    func text() {
        let head = AuditHead(sequence: 12, mac: [UInt8](repeating: 0xA5, count: 32))
        #expect(AuditHead("\(head)") == head)
        let digits = String(repeating: "a5", count: 32)
        for text in ["", "12", "12:", "0:\(digits)", "-1:\(digits)", "+1:\(digits)", "12:\(digits)0", "12:\(digits):"] {
            #expect(AuditHead(text) == nil)
        }
    }

    @Test("a sealed head opens unchanged and under its own key only")
    func sealed() throws {
        let chain = AuditChain(try #require(StoreFixture.key))
        let other = AuditChain(try #require(StoreFixture.otherKey))
        let kept = KeptAuditHead(
            head: AuditHead(sequence: 12, mac: [UInt8](repeating: 1, count: 32)),
            origin: [UInt8](repeating: 2, count: 32))
        let text = kept.sealed(chain)
        #expect(KeptAuditHead(sealed: text, chain) == kept)
        #expect(KeptAuditHead(sealed: text, other) == nil)
        #expect(KeptAuditHead(sealed: text.replacing(" 12:", with: " 11:"), chain) == nil)
        #expect(KeptAuditHead(sealed: String(text.dropLast()), chain) == nil)
        #expect(KeptAuditHead(sealed: "", chain) == nil)
    }

    @Test("an exported row keeps its text byte for byte, or stands as text")
    func exported() throws {
        let row = "{\"action\":\"x\",\"at\":1}"
        #expect(
            try AuditExportLine(AuditRow(sequence: 7, text: row, mac: [0xAB])).text
                == "{\"sequence\":7,\"mac\":\"ab\",\"action\":\"x\",\"at\":1}")
        for foreign in ["{}", "[]", "{\"a\":\n1}", "{\"mac\":1}", "none"] {
            let line = try AuditExportLine(AuditRow(sequence: 7, text: foreign, mac: nil)).text
            #expect(line.hasPrefix("{\"sequence\":7,\"mac\":\"\",\"text\":\"") && !line.contains("\n"))
        }
    }
}
