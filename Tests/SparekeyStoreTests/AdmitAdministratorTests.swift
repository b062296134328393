import Sparekey
import SparekeySQL
import SparekeyStore
import SparekeyTesting
import Testing

/// An administrator is admitted to an act by what stands at that moment, not by what stood when the request came in.
struct AdmitAdministratorTests {
    @Test("whatever has ended the right meanwhile is seen", arguments: TestDatabase.Kind.all)
    func meanwhile(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let (caller, admit) = try await Self.signedIn(fixture)
            #expect(try await admit(caller, address: "192.0.2.1").account.id == caller.account.id)
            for (statement, expected) in [
                ("UPDATE account SET role = 'user'", .notAllowed),
                ("UPDATE account SET require_password_change = 1, role = 'admin'", .notAllowed),
                ("UPDATE account SET active = 0, require_password_change = 0", .sessionOver),
                ("UPDATE account SET active = 1, password_expires_at = 1", .sessionOver),
                ("UPDATE session SET created_at = created_at - 601000000", .sessionOver),
                ("UPDATE account SET password_expires_at = NULL", .signInTooOld),
                ("DELETE FROM session", .sessionOver),
            ] as [(SQLStatement, RecoveryError.Code)] {
                try await fixture.execute(statement)
                #expect(await recoveryCode { _ = try await admit(caller, address: "192.0.2.1") } == expected)
            }
        }
    }

    @Test("every act is charged to one budget, wherever it comes from", arguments: TestDatabase.Kind.all)
    func charged(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let (caller, admit) = try await Self.signedIn(fixture)
            for _ in 0..<3 { _ = try await admit(caller, address: "192.0.2.1") }
            #expect(try await fixture.number("SELECT CAST(sum(count) AS BIGINT) AS n FROM throttle") == 3)
            try await fixture.execute("UPDATE throttle SET count = \(ThrottleLimits.perAdministrator - 1)")
            _ = try await admit(caller, address: "192.0.2.1")
            #expect(await recoveryCode { _ = try await admit(caller, address: "192.0.2.9") } == .throttled)
            fixture.clock.advance(by: ThrottleLimits.window)
            #expect(await recoveryCode { _ = try await admit(caller, address: "192.0.2.1") } == .signInTooOld)
        }
    }

    private static func signedIn(_ fixture: StoreFixture) async throws -> (SignedIn, AdmitAdministrator) {
        let account = try await fixture.add("ada", role: .admin)
        let now = fixture.clock.now
        let secret = [UInt8](repeating: 7, count: 32)
        try await fixture.execute(
            """
            INSERT INTO session (id, account_id, secret_hash, created_at, last_used_at)
            VALUES ('one', \(account.id), \(secret), \(now.microseconds), \(now.microseconds))
            """)
        let caller = try #require(try await fixture.store.find(secretHash: secret))
        let limits = SessionLimits(idle: .seconds(3600), absolute: .seconds(86_400))
        let admit = AdmitAdministrator(
            resume: ResumeSession(sessions: fixture.store, limits: limits, clock: fixture.clock),
            chargeTry: ChargeTry(
                register: fixture.store, key: fixture.key, limits: .standard, clock: fixture.clock),
            clock: fixture.clock)
        return (caller, admit)
    }
}
