import Sparekey
import SparekeySQL
import SparekeyStore
import SparekeyTesting
import Testing

@Suite("The own directory")
struct RegisterTests {
    @Test("an account is found by username and e-mail in any case", arguments: TestDatabase.Kind.all)
    func find(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("John.Smith", email: "User@Example.com")
            #expect(try await fixture.store.find(AccountName("JOHN.smith"))?.id == account.id)
            #expect(try await fixture.store.find(AccountName("user@EXAMPLE.com"))?.id == account.id)
            #expect(try await fixture.store.find(AccountName("john")) == nil)
        }
    }

    @Test("a name or e-mail is given once", arguments: TestDatabase.Kind.all)
    func taken(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            try await fixture.add("ada", email: "ada@x.org")
            await #expect(throws: RecoveryError(.taken, reason: "")) { try await fixture.add("ADA") }
            await #expect(throws: RecoveryError(.taken, reason: "")) {
                try await fixture.add("eve", email: "Ada@X.org")
            }
            #expect(try await fixture.store.count(upTo: 10) == 1)
        }
    }

    @Test("of many set-ups at once one wins", arguments: TestDatabase.Kind.all)
    func setUpRace(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let winners = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        do {
                            try await fixture.add("admin\(number)", role: .admin, onlyWithoutAdministrator: true)
                            return true
                        } catch {
                            #expect((error as? RecoveryError)?.code == .notAllowed)
                            return false
                        }
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            let accounts = try await fixture.store.count(upTo: 10)
            #expect(winners == 1)
            #expect(accounts == 1)
        }
    }

    @Test("pages follow each other without gap or repetition", arguments: TestDatabase.Kind.all)
    func paging(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let names = ["ada", "Bob", "carl", "\u{E9}mile", "zoe"]
            for name in names.reversed() { try await fixture.add(name) }
            var seen: [String] = []
            var after: String?
            repeat {
                let page = try await fixture.store.list(search: nil, after: after, limit: 2)
                seen += page.accounts.map(\.username)
                after = page.next
            } while after != nil
            #expect(seen == ["ada", "Bob", "carl", "zoe", "\u{E9}mile"])
        }
    }

    @Test("a search finds by the beginning of username or e-mail", arguments: TestDatabase.Kind.all)
    func search(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            try await fixture.add("ada")
            try await fixture.add("bob", email: "adam@x.org")
            try await fixture.add("carl", email: "carl@ada.org")
            let page = try await fixture.store.list(search: "ADA", after: nil, limit: 10)
            #expect(page.accounts.map(\.username) == ["ada", "bob"])
        }
    }

    @Test("the last enabled administrator cannot be disabled", arguments: TestDatabase.Kind.all)
    func lastAdministrator(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let first = try await fixture.add("ada", role: .admin)
            let second = try await fixture.add("bob", role: .admin)
            let event = AuditEvent(.accountDisabled, actor: StoreFixture.actor, at: fixture.clock.now, account: first)
            #expect(try await fixture.store.setActive(false, account: first, audit: event))
            #expect(try await !fixture.store.setActive(false, account: first, audit: event))
            await #expect(throws: RecoveryError(.notAllowed, reason: "")) {
                try await fixture.store.setActive(false, account: second, audit: event)
            }
            #expect(try await fixture.store.find(AccountName("bob"))?.isActive == true)
        }
    }

    @Test("a change of name and state is made whole or not at all", arguments: TestDatabase.Kind.all)
    func wholeChange(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada")
            try await fixture.add("bob")
            func disabled(as name: String) throws -> AccountChange {
                AccountChange(username: try Username(name), email: nil, displayName: nil, role: nil, active: false)
            }
            let events = [AuditEvent.Action.accountChanged, .accountDisabled].map {
                AuditEvent($0, actor: StoreFixture.actor, at: fixture.clock.now, account: account)
            }
            await #expect(throws: RecoveryError(.taken, reason: "")) {
                try await fixture.store.change(account, to: disabled(as: "bob"), audit: events)
            }
            #expect(try await fixture.store.find(AccountName("ada"))?.isActive == true)
            try await fixture.store.change(account, to: disabled(as: "grace"), audit: events)
            #expect(try await fixture.store.find(AccountName("grace"))?.isActive == false)
        }
    }
}
