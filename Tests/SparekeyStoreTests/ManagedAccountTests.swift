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
            let forms = Self.forms(fixture)
            let (here, there) = (Self.session("here", fixture), Self.session("there", fixture))
            let first = try await forms.mark(for: account, in: here)
            func works(_ mark: String, for account: Account = account, in session: SessionRecord) async throws -> Bool {
                try await forms.once(mark, for: account, in: session) { true } ?? false
            }
            #expect(try await works(first, in: here))
            #expect(try await !works(first, in: there))
            #expect(try await !works(first, for: other, in: here))

            _ = try await fixture.issueToken(account)
            #expect(try await !works(first, in: here))
            let second = try await forms.mark(for: account, in: here)
            _ = try await fixture.pipeline()(try await fixture.request(account, "new password"))
            #expect(try await !works(second, in: here))
            #expect(try await !works(first, in: here))
        }
    }

    @Test("of many posts of one form, over two handles, one does its work", arguments: TestDatabase.Kind.all)
    func sentAtOnce(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada")
            let other = try await fixture.another()
            let forms = [Self.forms(fixture), Self.forms(fixture, other)]
            let here = Self.session("here", fixture)
            let mark = try await forms[0].mark(for: account, in: here)
            let endings = await race(32) { index in
                let token = try await forms[index % 2].once(mark, for: account, in: here) {
                    try await fixture.issueToken(account)
                }
                if token == nil { throw RecoveryError(.taken, reason: "") }
            }
            #expect(endings == [nil: 1, .taken: 31])
            #expect(try await fixture.number("SELECT count(*) AS n FROM reset_token") == 1)
            await other.close()
        }
    }

    @Test(
        "where the work fails the form is good again, and where the server ended too", arguments: TestDatabase.Kind.all)
    func failed(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada")
            let (forms, here) = (Self.forms(fixture), Self.session("here", fixture))
            let mark = try await forms.mark(for: account, in: here)
            let code = await recoveryCode {
                _ = try await forms.once(mark, for: account, in: here) { throw RecoveryError(.policy, reason: "") }
            }
            #expect(code == .policy)
            // Nested: the first is never released before the second is asked, as where the server ended.
            let inner = try await forms.once(mark, for: account, in: here) {
                let meanwhile = try await forms.once(mark, for: account, in: here) { true }
                fixture.clock.advance(by: .seconds(61))
                return (meanwhile, try await forms.once(mark, for: account, in: here) { true })
            }
            #expect(inner?.0 == nil && inner?.1 == true)
        }
    }

    private static func forms(_ fixture: StoreFixture, _ store: SparekeyStore? = nil) -> FormsOfOneUse {
        let store = store ?? fixture.store
        return FormsOfOneUse(
            directory: store, tokens: store, register: store, key: fixture.key, clock: fixture.clock)
    }

    private static func session(_ id: String, _ fixture: StoreFixture) -> SessionRecord {
        SessionRecord(
            id: id, accountID: "administrator", createdAt: fixture.clock.now, lastUsedAt: fixture.clock.now,
            address: nil, device: nil)
    }
}
