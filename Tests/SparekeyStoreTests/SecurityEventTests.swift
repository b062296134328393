import Sparekey
import SparekeySQL
import SparekeyStore
import SparekeyTesting
import Testing

@Suite("What an owner sees of their account")
struct SecurityEventTests {
    @Test("a reset is seen however much others did since", arguments: TestDatabase.Kind.all)
    func reset(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let (account, other) = (try await fixture.add("ada"), try await fixture.add("eve"))
            _ = try await fixture.pipeline()(fixture.request(account, "new password", proof: .administratorSession))
            // More rows than are looked through.
            for active in 0..<(VerifyAuditTrail.pageSize + 2) {
                let event = AuditEvent(
                    .accountEnabled, actor: StoreFixture.actor, at: fixture.clock.now, account: other)
                _ = try await fixture.store.setActive(!active.isMultiple(of: 2), account: other, audit: event)
            }
            let events = RecentSecurityEvents(trail: fixture.store, journal: fixture.store)
            let seen = try await events(of: account, limit: 5)
            #expect(seen.map(\.action) == [.passwordReset])
            #expect(seen.first?.proof == "administrator")
            #expect(try await events(of: other, limit: 5).map(\.action) == Array(repeating: .accountEnabled, count: 5))
        }
    }
}
