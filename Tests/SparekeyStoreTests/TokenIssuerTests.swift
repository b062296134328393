import Sparekey
import SparekeySQL
import SparekeyStore
import SparekeyTesting
import Testing

/// A one-time link ends with the right of the administrator who made it.
struct TokenIssuerTests {
    /// How an administrator stops being one: by Sparekey, and by plain SQL.
    enum Fall: CaseIterable {
        case demoted, disabled, switchedOff, removed, demotedBySQL, disabledBySQL, removedBySQL
    }

    @Test("whatever ends the issuer's right ends the link", arguments: TestDatabase.Kind.all, Fall.allCases)
    func falls(_ kind: TestDatabase.Kind, _ fall: Fall) async throws {
        try await StoreFixture.with(kind) { fixture in
            let (account, eve) = (try await fixture.add("ada"), try await fixture.add("eve", role: .admin))
            let other = try await fixture.add("bob", role: .admin)
            let kept = try await fixture.issueToken(account, by: .administrator(eve, address: nil)).shownOnce
            let others = try await fixture.issueToken(account, by: .administrator(other, address: nil)).shownOnce
            try await fixture.consumeToken().check(kept, address: nil)
            try await Self.bring(fall, over: eve, fixture)
            let flow = fixture.consumeToken()
            #expect(await recoveryCode { _ = try await flow.check(kept, address: nil) } == .invalidToken)
            #expect(await recoveryCode { _ = try await fixture.consume(kept, "meadow-Copper-74") } == .invalidToken)
            #expect(try await fixture.accepts("old password", account))
            try await flow.check(others, address: nil)
        }
    }

    @Test("another promotion does not bring it back", arguments: TestDatabase.Kind.all)
    func promotedAgain(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let (account, eve) = (try await fixture.add("ada"), try await fixture.add("eve", role: .admin))
            _ = try await fixture.add("bob", role: .admin)
            for fall in [Fall.demoted, .disabled, .switchedOff] {
                let token = try await fixture.issueToken(account, by: .administrator(eve, address: nil)).shownOnce
                try await Self.bring(fall, over: eve, fixture)
                try await fixture.execute("UPDATE account SET role = 'admin', active = 1 WHERE id = \(eve.id)")
                #expect(
                    await recoveryCode { _ = try await fixture.consume(token, "meadow-Copper-74") } == .invalidToken)
            }
        }
    }

    @Test("the operator's, and those of before the column, stay", arguments: TestDatabase.Kind.all)
    func operators(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let (account, eve) = (try await fixture.add("ada"), try await fixture.add("eve", role: .admin))
            _ = try await fixture.add("bob", role: .admin)
            let token = try await fixture.issueToken(account).shownOnce
            try await Self.bring(.demoted, over: eve, fixture)
            try await Self.bring(.removed, over: eve, fixture)
            _ = try await fixture.consume(token, "meadow-Copper-74")
        }
    }

    @Test("the commit asks again, in its own transaction", arguments: TestDatabase.Kind.all)
    func meanwhile(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let (account, eve) = (try await fixture.add("ada"), try await fixture.add("eve", role: .admin))
            _ = try await fixture.issueToken(account, by: .administrator(eve, address: nil))
            let row = try #require(try await fixture.rows("SELECT id FROM reset_token").first)
            let plan = try await fixture.plan(account, "first new", proof: .token(row.text("id")))
            let prepared = try await fixture.store.prepare(plan)
            try await fixture.execute("UPDATE account SET role = 'user' WHERE id = \(eve.id)")
            #expect(await recoveryCode { _ = try await fixture.store.commit(prepared) } == .proofSpent)
            try await fixture.store.abandon(prepared)
            await prepared.release()
        }
    }

    private static func bring(_ fall: Fall, over eve: Account, _ fixture: StoreFixture) async throws {
        let store = fixture.store
        func event(_ action: AuditEvent.Action) -> AuditEvent {
            AuditEvent(action, actor: StoreFixture.actor, at: fixture.clock.now, account: eve)
        }
        func change(role: AccountRole? = nil, active: Bool? = nil) -> AccountChange {
            AccountChange(username: nil, email: nil, displayName: nil, role: role, active: active)
        }
        switch fall {
        case .demoted: try await store.change(eve, to: change(role: .user), audit: [event(.accountChanged)])
        case .disabled: try await store.change(eve, to: change(active: false), audit: [event(.accountDisabled)])
        case .switchedOff: _ = try await store.setActive(false, account: eve, audit: event(.accountDisabled))
        case .removed: try await store.remove(eve, audit: event(.accountRemoved))
        case .demotedBySQL: try await fixture.execute("UPDATE account SET role = 'user' WHERE id = \(eve.id)")
        case .disabledBySQL: try await fixture.execute("UPDATE account SET active = 0 WHERE id = \(eve.id)")
        case .removedBySQL: try await fixture.execute("DELETE FROM account WHERE id = \(eve.id)")
        }
    }
}
