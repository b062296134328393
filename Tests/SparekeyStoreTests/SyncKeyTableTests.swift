import PasswordHashing
import SparekeyStore
import SparekeyTesting
import Synchronization
import Testing

@testable import Sparekey

@Suite("The sync keys that a server holds in memory")
struct SyncKeyTableTests {
    /// The store, whose first answer is held back after it was read.
    private final class SlowFirstAnswer: SyncCredentialRegister {
        private let store: SparekeyStore
        private let isFirst = Mutex(true)
        private let (reads, hasRead) = AsyncStream<Void>.makeStream()
        private let (releases, release) = AsyncStream<Void>.makeStream()

        init(_ store: SparekeyStore) {
            self.store = store
        }

        func waitUntilRead() async {
            for await _ in reads { return }
        }

        func letGo() {
            release.yield()
        }

        func entry(of accountID: String) async throws -> SyncEntry? {
            let entry = try await store.entry(of: accountID)
            await holdFirst()
            return entry
        }

        func entries(after accountID: String?, limit: Int) async throws -> SyncEntryPage {
            let page = try await store.entries(after: accountID, limit: limit)
            await holdFirst()
            return page
        }

        func syncCandidate(_ name: AccountName) async throws -> SyncCandidate? {
            try await store.syncCandidate(name)
        }

        func putSyncCredential(
            mac: [UInt8], pbkdf2: String, account: Account, verifiedHash: String
        ) async throws -> Bool {
            try await store.putSyncCredential(mac: mac, pbkdf2: pbkdf2, account: account, verifiedHash: verifiedHash)
        }

        private func holdFirst() async {
            let isHeld = isFirst.withLock { first in
                defer { first = false }
                return first
            }
            guard isHeld else { return }
            hasRead.yield()
            for await _ in releases { return }
        }
    }

    enum Reading: CaseIterable {
        case one, all

        func callAsFunction(_ table: SyncKeyTable, _ account: Account) async throws {
            switch self {
            case .one: try await table.refresh(accountID: account.id)
            case .all: try await table.reload()
            }
        }
    }

    @Test(
        "what an earlier reading saw does not replace what a later one brought",
        arguments: Reading.allCases, Reading.allCases)
    func order(_ earlier: Reading, _ later: Reading) async throws {
        try await StoreFixture.with(.sqlite) { fixture in
            let account = try await fixture.add("ada", password: "old password")
            let register = SlowFirstAnswer(fixture.store)
            let table = SyncKeyTable(register: register, key: fixture.key)
            async let slow: Void = earlier(table, account)
            await register.waitUntilRead()
            _ = try await fixture.pipeline()(try await fixture.request(account, "new password"))
            try await later(table, account)
            register.letGo()
            try await slow
            #expect(table.username(of: SyncKey(username: "ada", password: Password(utf8: "new password"))) == "ada")
            #expect(table.username(of: SyncKey(username: "ada", password: Password(utf8: "old password"))) == nil)
            #expect(table.count == 1)
        }
    }

    @Test("a reading of everything keeps what it saw of all others, and forgets who is gone")
    func whole() async throws {
        try await StoreFixture.with(.sqlite) { fixture in
            let ada = try await fixture.add("ada", password: "a password")
            let grace = try await fixture.add("grace", password: "a password")
            let table = SyncKeyTable(register: fixture.store, key: fixture.key)
            try await table.reload()
            #expect(table.count == 2)
            let disabled = AuditEvent(
                .accountDisabled, actor: StoreFixture.actor, at: fixture.clock.now, account: grace)
            _ = try await fixture.store.setActive(false, account: grace, audit: disabled)
            try await table.refresh(accountID: ada.id)
            #expect(table.count == 2)
            try await table.reload()
            #expect(table.username(of: SyncKey(username: "grace", password: Password(utf8: "a password"))) == nil)
            #expect(table.username(of: SyncKey(username: "ada", password: Password(utf8: "a password"))) == "ada")
        }
    }
}
