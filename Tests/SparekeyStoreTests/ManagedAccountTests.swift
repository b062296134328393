import PasswordHashing
import Sparekey
import SparekeySQL
import SparekeyStore
import SparekeyTesting
import Testing

/// What administrators do to somebody else's account by a page, and the marks of forms that work once.
struct ManagedAccountTests {
    @Test("a required change flags the account and leaves its password", arguments: TestDatabase.Kind.all)
    func requireChange(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada")
            let change = AccountChange(username: nil, email: nil, displayName: nil, role: nil, requiresChange: true)
            #expect(!change.isEmpty && change.describesNothing)
            try await fixture.store.change(
                account, to: change,
                audit: [
                    AuditEvent(.changeRequired, actor: StoreFixture.actor, at: fixture.clock.now, account: account)
                ])
            let found = try #require(try await fixture.store.find(id: account.id))
            #expect(found.requirePasswordChange)
            #expect(try await fixture.accepts("old password", account))
            let events = try await RecentSecurityEvents(trail: fixture.store, journal: fixture.store)(
                of: account, limit: 5)
            #expect(events.contains { $0.action == .changeRequired })
        }
    }

    @Test("a form's mark is void once a link is made or a password set", arguments: TestDatabase.Kind.all)
    func formsOfOneUse(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let (account, other) = (try await fixture.add("ada"), try await fixture.add("bob"))
            let forms = FormsOfOneUse(directory: fixture.store, tokens: fixture.store, key: fixture.key)
            let (here, there) = (Self.session("here", fixture), Self.session("there", fixture))
            let first = try await forms.mark(for: account, in: here)
            #expect(try await forms.isFresh(first, for: account, in: here))
            #expect(try await !forms.isFresh(first, for: account, in: there))
            #expect(try await !forms.isFresh(first, for: other, in: here))

            let issue = IssueResetToken(
                tokens: fixture.store, hasher: CheapHasher(), key: fixture.key, lifetime: .seconds(3600),
                clock: fixture.clock, random: SystemRandomSource())
            _ = try await issue(for: account, actor: StoreFixture.actor, reason: nil)
            #expect(try await !forms.isFresh(first, for: account, in: here))
            let second = try await forms.mark(for: account, in: here)
            _ = try await fixture.pipeline()(try await fixture.request(account, "new password"))
            #expect(try await !forms.isFresh(second, for: account, in: here))
            #expect(try await !forms.isFresh(first, for: account, in: here))
        }
    }

    private static func session(_ id: String, _ fixture: StoreFixture) -> SessionRecord {
        SessionRecord(
            id: id, accountID: "administrator", createdAt: fixture.clock.now, lastUsedAt: fixture.clock.now,
            address: nil, device: nil)
    }
}
