import PasswordHashing
import SparekeySQL
import SparekeyTesting
import Testing

@testable import Sparekey
@testable import SparekeyStore

/// Two databases: a proof is reserved with the journal row, and the row's end says what becomes of it.
@Suite("The proof of a reset in an app")
struct ReservedProofTests {
    private static let app = AppReference(name: "files", profile: "palmr", database: "/srv/palmr.db")
    private static let other = AppReference(name: "wiki", profile: "palmr", database: "/srv/other.db")

    /// How a journal row ends.
    enum End: CaseIterable { case finished, dropped, unclear }

    @Test("is spent, free again or void by how the reset ended", arguments: TestDatabase.Kind.all, End.allCases)
    func ends(_ kind: TestDatabase.Kind, _ end: End) async throws {
        try await StoreFixture.with(kind) { fixture in
            let trial = Trial(fixture)
            for isCode in [true, false] {
                let proof = isCode ? try await trial.code() : try await trial.token()
                let prepared = try await fixture.store.prepare(trial.plan(proof))
                #expect(await trial.refusal(proof) == .proofReserved)
                try await trial.end(prepared, end)
                await prepared.release()
                #expect(await trial.refusal(proof) == (end == .dropped ? nil : .proofSpent))
            }
        }
    }

    @Test("goes to one of many", arguments: TestDatabase.Kind.all)
    func race(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let trial = Trial(fixture)
            let code = try await trial.code()
            let plans = (0..<16).map { _ in trial.plan(code) }
            let ends = await SparekeyStoreTests.race(plans.count) { index in
                _ = try await fixture.store.prepare(plans[index])
            }
            #expect(ends == [nil: 1, .proofReserved: 15])
        }
    }

    @Test("is no proof for an account of the same id elsewhere", arguments: TestDatabase.Kind.all)
    func elsewhere(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let trial = Trial(fixture)
            for proof in [try await trial.code(), try await trial.token()] {
                #expect(
                    await recoveryCode { _ = try await fixture.store.prepare(trial.plan(proof, in: Self.other)) }
                        == .proofSpent)
            }
        }
    }

    @Test(
        "a reset voids the account's other codes and tokens, and those of nobody else", arguments: TestDatabase.Kind.all
    )
    func others(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let trial = Trial(fixture)
            let own = [try await trial.code(), try await trial.token()]
            let elsewhere = [try await trial.code(in: Self.other), try await trial.token(in: Self.other)]
            let prepared = try await fixture.store.prepare(trial.plan(.operatorShell))
            _ = try await fixture.store.finish(prepared.number, at: fixture.clock.now)
            await prepared.release()
            for proof in own { #expect(await trial.refusal(proof) == .proofSpent) }
            for proof in elsewhere { #expect(await trial.refusal(proof, in: Self.other) == nil) }
        }
    }

    /// Proofs and plans for one account of an app, which no database need hold.
    private struct Trial {
        let fixture: StoreFixture
        let account = Account(
            id: "7", username: "grace", email: nil, displayName: "Grace", role: .user, isActive: true, createdAt: nil)

        init(_ fixture: StoreFixture) { self.fixture = fixture }

        func code(in app: AppReference = ReservedProofTests.app) async throws -> Proof {
            let id = SystemRandomSource().uuid()
            let now = fixture.clock.now
            _ = try await fixture.store.add(
                NewCodeRequest(
                    id: id, app: app.name, sealedName: [1], address: nil, at: now,
                    audit: AuditEvent(.codeRequested, actor: .server, at: now, account: nil)), charging: nil)
            let draft = CodeDraft(
                request: id, subject: CodeSubject(account, app: app, key: fixture.key), account: account, app: app.name,
                mac: [2], sealed: [3], rules: CodeRules(lifetime: .seconds(600), needsApproval: false, budgets: nil),
                at: now, approval: nil, isStale: false)
            #expect(try await fixture.store.issue([draft]) == [.issued])
            return .code(id)
        }

        func token(in app: AppReference = ReservedProofTests.app) async throws -> Proof {
            let random = SystemRandomSource()
            let (id, now) = (random.uuid(), fixture.clock.now)
            try await fixture.store.add(
                StoredResetToken(
                    id: id, accountID: account.id, app: app, lookup: random.bytes(16), hash: "x", createdAt: now,
                    expiresAt: now + .seconds(3600)),
                audit: AuditEvent(.tokenIssued, actor: .server, at: now, account: account, app: app.name))
            return .token(id)
        }

        func plan(_ proof: Proof, in app: AppReference = ReservedProofTests.app) -> ResetPlan {
            let now = fixture.clock.now
            return ResetPlan(
                id: SystemRandomSource().uuid(), app: app, account: account,
                old: StoredColumns(["users.password": .text("old")]),
                new: StoredColumns(["users.password": .text("new")]),
                revocations: Set(Revocation.allCases), keptSession: nil, proof: proof, historyKept: 0, undoes: nil,
                undoUntil: now + .seconds(60),
                audit: AuditEvent(.passwordReset, actor: .server, at: now, account: account, app: app.name), at: now)
        }

        func end(_ prepared: PreparedReset, _ end: End) async throws {
            let now = fixture.clock.now
            switch end {
            case .finished: _ = try await fixture.store.finish(prepared.number, at: now)
            case .dropped: try await fixture.store.drop(prepared.number, at: now)
            case .unclear:
                let plan = prepared.plan
                try await fixture.store.markUnclear(
                    UnfinishedReset(
                        number: prepared.number, app: ReservedProofTests.app, accountID: plan.account.id,
                        username: plan.account.username, old: plan.old, new: plan.new, at: plan.at, release: {}),
                    at: now)
            }
        }

        /// What using the proof ends in; nil where it is still good, which is left as it was.
        func refusal(_ proof: Proof, in app: AppReference = ReservedProofTests.app) async -> RecoveryError.Code? {
            await recoveryCode {
                let prepared = try await fixture.store.prepare(plan(proof, in: app))
                try await fixture.store.drop(prepared.number, at: fixture.clock.now)
                await prepared.release()
            }
        }
    }
}
