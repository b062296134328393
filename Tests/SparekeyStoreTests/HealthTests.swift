import Sparekey
import SparekeySQL
import SparekeyTesting
import Testing

@testable import SparekeyStore

@Suite("What a store tells of its health")
struct HealthTests {
    @Test("administrators: none is wrong, one is a warning, two are ok", arguments: TestDatabase.Kind.all)
    func administrators(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let health = StoreHealth(fixture.store.database)
            #expect(try await CheckAdministrators(register: health)().level == .wrong)
            try await fixture.add("ada", role: .admin)
            #expect(try await CheckAdministrators(register: health)().level == .warning)
            try await fixture.add("alan", role: .admin)
            #expect(try await CheckAdministrators(register: health)().level == .ok)
            try await fixture.run("UPDATE account SET password_hash = NULL WHERE username = 'ada'")
            #expect(try await CheckAdministrators(register: health)().level == .warning)
        }
    }

    @Test("a hash written by SQL is seen on any page, and ten names are told", arguments: TestDatabase.Kind.all)
    func changedOutside(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            for number in 10..<23 { try await fixture.add("user\(number)") }
            #expect(try await fixture.survey("changed outside").level == .ok)
            try await fixture.run(
                "UPDATE account SET password_hash = (SELECT password_hash FROM account WHERE username = 'user10')")
            let check = try await fixture.survey("changed outside")
            #expect(check.level == .warning)
            // The first one's hash is its own.
            #expect(check.detail.hasPrefix("12 accounts"))
            #expect(
                check.detail.hasSuffix(
                    "user11, user12, user13, user14, user15, user16, user17, user18, user19, user20 and 2 more"))
        }
    }

    @Test("under another key nothing is said of what was changed", arguments: TestDatabase.Kind.all)
    func otherKey(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let health = StoreHealth(fixture.store.database)
            #expect(try await health.belongs(to: fixture.key))
            #expect(try await !health.belongs(to: try #require(StoreFixture.otherKey)))
            let checks = try await SurveyPasswords(register: health, key: nil, now: fixture.clock.now)()
            #expect(!checks.contains { $0.name == "changed outside" })
        }
    }

    @Test("no password, an expired one and one that is no hash are told apart", arguments: TestDatabase.Kind.all)
    func states(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            for name in ["bare", "late", "odd", "fine"] { try await fixture.add(name) }
            try await fixture.run("UPDATE account SET password_hash = NULL WHERE username = 'bare'")
            try await fixture.run("UPDATE account SET password_hash = 'window-Saffron-19' WHERE username = 'odd'")
            let now = fixture.clock.now.microseconds
            try await fixture.run(
                """
                UPDATE account SET require_password_change = 1, password_expires_at = \(now) WHERE username = 'late'
                """)
            #expect(try await fixture.survey("passwords").detail.hasSuffix(": bare"))
            #expect(try await fixture.survey("temporary passwords").detail.hasSuffix(": late"))
            let odd = try await fixture.survey("password hashes")
            #expect(odd.level == .wrong)
            #expect(odd.detail.hasSuffix(": odd"))
            // The fixture's hashes are the cheapest there are.
            #expect(try await fixture.survey("hash cost").detail.hasPrefix("2 accounts"))
        }
    }

    @Test("a reset under way and a journal of the future are warnings of their own", arguments: TestDatabase.Kind.all)
    func journal(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let health = StoreHealth(fixture.store.database)
            let now = fixture.clock.now
            #expect(try await CheckJournal(register: health, now: now)().map(\.level) == [.ok, .ok])
            let account = try await fixture.add("ada")
            let prepared = try await fixture.store.prepare(try await fixture.plan(account, "new password"))
            #expect(try await CheckJournal(register: health, now: now)().map(\.level) == [.warning, .ok])
            let minuteAgo = now + .seconds(-60)
            #expect(try await CheckJournal(register: health, now: minuteAgo)()[1].level == .ok)
            #expect(try await CheckJournal(register: health, now: minuteAgo + .seconds(-1))()[1].level == .wrong)
            try await fixture.store.abandon(prepared)
        }
    }

    @Test("the schema's age is told, and that it can be written", arguments: TestDatabase.Kind.all)
    func condition(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let health = StoreHealth(fixture.store.database)
            #expect(try await health.condition() == .current)
            #expect(try await health.acceptsWrites())
            try await fixture.run("UPDATE sparekey_meta SET value = '999' WHERE name = 'schema'")
            #expect(try await health.condition() == .newer)
            try await fixture.run("UPDATE sparekey_meta SET value = '0' WHERE name = 'schema'")
            #expect(try await health.condition() == .older)
        }
    }
}

extension StoreFixture {
    fileprivate func run(_ statement: SQLStatement) async throws {
        _ = try await store.database.transaction(.write) { try $0.execute(statement) }
    }

    /// One check of a survey in pages of three accounts.
    fileprivate func survey(_ name: String) async throws -> HealthCheck {
        let checks = try await SurveyPasswords(
            register: StoreHealth(store.database), key: key, now: clock.now, pageSize: 3)()
        return try #require(checks.first { $0.name == name })
    }
}
