import Sparekey
import SparekeySQL
import SparekeyStore
import SparekeyTesting
import Synchronization

/// A trail of eight rows, its head kept in memory, and somebody else's hands in the database.
struct AuditFixture: Sendable {
    let fixture: StoreFixture
    let store: SparekeyStore
    let keeper: MemoryHead
    let account: Account

    static func with(_ kind: TestDatabase.Kind, _ body: (AuditFixture) async throws -> Void) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada")
            let keeper = MemoryHead()
            let store = try await SparekeyStore.open(
                try await fixture.database.open(), key: fixture.key, mayCreate: false, random: SystemRandomSource(),
                heads: keeper)
            let trail = AuditFixture(fixture: fixture, store: store, keeper: keeper, account: account)
            for _ in 2...8 { try await trail.act() }
            try await body(trail)
            await store.close()
        }
    }

    /// One more row: the account is disabled, or enabled again.
    func act(_ store: SparekeyStore? = nil) async throws {
        fixture.clock.advance(by: .seconds(1))
        let event = AuditEvent(
            .accountEnabled, actor: StoreFixture.actor, at: fixture.clock.now, account: account, reason: "a reason")
        let store = store ?? self.store
        if try await !store.setActive(false, account: account, audit: event) {
            _ = try await store.setActive(true, account: account, audit: event)
        }
    }

    func tamper(_ statements: [SQLStatement]) async throws {
        let handle = try await fixture.database.open()
        try await handle.transaction(.write) { connection in
            for statement in statements { try connection.execute(statement) }
        }
        await handle.close()
    }

    func fault(expect: AuditHead? = nil) async throws -> AuditFault? {
        try await store.verifyAuditTrail(expect: expect).fault
    }
}

/// A head that is kept as long as the test runs.
final class MemoryHead: AuditHeadKeeper {
    private let state = Mutex<KeptAuditHead?>(nil)

    func kept() -> KeptAuditHead? { state.withLock(\.self) }

    func kept(_ epochs: AuditEpochs) async throws -> KeptAuditHead? { kept() }

    func replace(
        _ old: KeptAuditHead?, with new: KeptAuditHead, _ epochs: AuditEpochs, isRestored: Bool
    ) async throws -> Bool {
        state.withLock { kept in
            guard kept == old else { return false }
            kept = new
            return true
        }
    }
}
