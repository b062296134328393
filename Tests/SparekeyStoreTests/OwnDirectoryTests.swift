import PasswordHashing
import SparekeySQL
import SparekeyStore
import SparekeyTesting
import Testing

@testable import Sparekey

@Suite("The own directory")
struct OwnDirectoryTests {
    @Test(
        "keeps what every directory promises", arguments: TestDatabase.Kind.all,
        DirectoryConformance.Promise.allCases)
    func conforms(kind: TestDatabase.Kind, promise: DirectoryConformance.Promise) async throws {
        try await StoreFixture.with(kind) { fixture in
            try await fixture.add("ada", email: "ada@example.org")
            let suite = DirectoryConformance(fixture.store, typed: "ADA@Example.org", steps: Self.steps(fixture))
            try await suite.check(promise)
        }
    }

    /// The last step of a reset is the ledger's: the plan holds the old values as the condition.
    private static func steps(_ fixture: StoreFixture) -> DirectoryConformance.Steps {
        DirectoryConformance.Steps(
            make: { password, account, _ in
                try await fixture.credentials()(password, account: account, requireChange: false, expiresAt: nil)
            },
            apply: { new, account, old in
                let prepared = try await fixture.store.prepare(try await fixture.plan(account, new: new, over: old))
                let outcome = try await fixture.store.commit(prepared)
                if outcome == .changedMeanwhile { try await fixture.store.abandon(prepared) }
                await prepared.release()
                return outcome == .changedMeanwhile ? .changedMeanwhile : .applied
            },
            accepts: { try await fixture.accepts($0, $1) },
            contents: { try await contents(fixture) })
    }

    /// What belongs to accounts; the journal and the trail say of a reset that it was tried.
    private static func contents(_ fixture: StoreFixture) async throws -> [String] {
        let handle = try await fixture.database.open()
        let rows = try await handle.transaction(.read) { connection in
            try connection.query("SELECT * FROM account ORDER BY id")
                + connection.query("SELECT * FROM sync_credential ORDER BY account_id")
                + connection.query("SELECT * FROM password_history ORDER BY id")
        }
        await handle.close()
        return rows.map { "\($0.values)" }
    }
}

extension StoreFixture {
    /// A plan of what the suite asks for, whatever is stored now.
    fileprivate func plan(_ account: Account, new: StoredColumns, over old: StoredColumns) async throws -> ResetPlan {
        let plan = try await pipeline().plan(try await request(account, "a new password 4711"), new: new)
        return ResetPlan(
            id: plan.id, app: plan.app, account: account, old: old, new: new, revocations: plan.revocations,
            keptSession: nil, proof: plan.proof, historyKept: plan.historyKept, undoes: nil, undoUntil: plan.undoUntil,
            audit: plan.audit, at: plan.at)
    }
}
