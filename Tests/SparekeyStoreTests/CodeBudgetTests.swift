import PasswordHashing
import Sparekey
import SparekeySQL
import SparekeyStore
import SparekeyTesting
import Testing

@Suite("Budgets and approvals of reset codes")
struct CodeBudgetTests {
    private static let tight = CodeBudgets(accountDay: 7, accountSinceSuccess: 100, instanceDay: 100)

    /// Guesses wrongly until a code's tries are spent.
    private func spend(_ codes: CodeFixture, _ name: String, tries: Int = 5) async throws {
        let code = try #require(try await codes.code(for: name))
        for _ in 0..<tries { #expect(await !codes.verifies(name, CodeFixture.wrong(code))) }
    }

    @Test(
        "beyond a day's comparisons a code needs an approval, and a right guess is refused",
        arguments: TestDatabase.Kind.all)
    func day(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            try await fixture.add("ada")
            let codes = CodeFixture(fixture, budgets: Self.tight)
            try await spend(codes, "ada")
            let code = try #require(try await codes.code(for: "ada"))
            for _ in 0..<2 { #expect(await !codes.verifies("ada", CodeFixture.wrong(code))) }
            // Three tries are left of five, and none of the day's seven comparisons.
            #expect(await !codes.verifies("ada", code))
            #expect(try await fixture.number("SELECT compared_on_day AS n FROM code_tries") == 7)
            #expect(try await codes.code(for: "ada") == nil)
            guard case .needsApproval(isOverBudget: true)? = codes.notices.all.last?.content else {
                Issue.record("the operator was not told")
                return
            }
            let spent = try await fixture.rows("SELECT row FROM audit WHERE row LIKE '%codes.budgetSpent%'")
            #expect(spent.count == 1)
            let waiting = try #require(try await fixture.store.request(3, now: fixture.clock.now))
            #expect(waiting.state == .waiting && waiting.isOverBudget)
            _ = try await codes.decide.approve(3, actor: StoreFixture.actor, reason: nil)
            let approved = try await codes.decide.reveal(3, actor: StoreFixture.actor, reason: nil).1.shownOnce
            #expect(await !codes.verifies("ada", code))
            #expect(await codes.verifies("ada", approved))
            try await codes.use("ada", approved, "meadow-Copper-74")
        }
    }

    @Test("users show names a budget that is spent, and users unlock begins it anew", arguments: TestDatabase.Kind.all)
    func unlocked(_ kind: TestDatabase.Kind) async throws {
        try await ThrottleFixture.with(kind) { throttle async throws in
            let account = try await throttle.fixture.add("ada")
            let codes = CodeFixture(throttle.fixture)
            for _ in 0..<4 { try await spend(codes, "ada") }
            #expect(try await codes.code(for: "ada") == nil)
            let reached = try await throttle.unlocking.reached(by: account)
            #expect(reached.map(\.what) == ["codes tried today"])
            // The clock stands at the first of January.
            #expect(reached.first?.endsAt?.rfc3339 == "2026-01-02T00:00:00Z")
            #expect(try await throttle.unlocking(account, actor: StoreFixture.actor, reason: nil).changed)
            #expect(try await throttle.unlocking.reached(by: account).isEmpty)
            #expect(try await codes.code(for: "ada") != nil)
        }
    }

    @Test("the next day begins with a new budget", arguments: TestDatabase.Kind.all)
    func nextDay(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            try await fixture.add("ada")
            let codes = CodeFixture(fixture, budgets: Self.tight)
            try await spend(codes, "ada")
            try await spend(codes, "ada", tries: 2)
            #expect(try await codes.code(for: "ada") == nil)
            fixture.clock.advance(by: .seconds(86_400))
            #expect(try await codes.code(for: "ada") != nil)
        }
    }

    @Test(
        "a hundred comparisons since the last success are the end, until a reset succeeds",
        arguments: TestDatabase.Kind.all)
    func sinceSuccess(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada")
            let codes = CodeFixture(
                fixture, budgets: CodeBudgets(accountDay: 100, accountSinceSuccess: 10, instanceDay: 100))
            for _ in 0..<2 {
                try await spend(codes, "ada")
                fixture.clock.advance(by: .seconds(86_400))
            }
            #expect(try await codes.code(for: "ada") == nil)
            _ = try await fixture.pipeline()(try await fixture.request(account, "by the operator"))
            #expect(try await codes.code(for: "ada") != nil)
        }
    }

    @Test(
        "the instance's wrong guesses are counted over all accounts, and not at names that nobody has",
        arguments: TestDatabase.Kind.all)
    func instance(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            for name in ["ada", "bob", "eve"] { try await fixture.add(name) }
            let codes = CodeFixture(
                fixture, budgets: CodeBudgets(accountDay: 100, accountSinceSuccess: 100, instanceDay: 10))
            for name in ["one", "two", "three"] {
                _ = try await codes.code(for: name)
                for _ in 0..<5 { #expect(await !codes.verifies(name, "000000")) }
            }
            let code = try #require(try await codes.code(for: "eve"))
            try await spend(codes, "ada")
            #expect(await codes.verifies("eve", code))
            try await spend(codes, "bob")
            #expect(await !codes.verifies("eve", code))
            #expect(try await codes.code(for: "eve") == nil)
        }
    }

    @Test("budgets can be turned off, the five tries cannot", arguments: TestDatabase.Kind.all)
    func unlimited(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            try await fixture.add("ada")
            let codes = CodeFixture(fixture, budgets: nil)
            for _ in 0..<6 {
                try await spend(codes, "ada")
                #expect(await !codes.verifies("ada", codes.notices.codes.last ?? ""))
            }
            #expect(try await fixture.number("SELECT compared AS n FROM code_tries") == 30)
        }
    }

    @Test("with approval: one, no code exists before it, and it is made once", arguments: TestDatabase.Kind.all)
    func approval(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada", role: .admin)
            let other = try await fixture.add("eve", role: .admin)
            let codes = CodeFixture(fixture, needsApproval: true)
            #expect(try await codes.code(for: "ada") == nil)
            #expect(try await fixture.number("SELECT count(*) AS n FROM reset_code") == 0)
            #expect(codes.notices.all.count == 1)
            let own = Actor.administrator(account, address: nil)
            for act in [
                { _ = try await codes.decide.approve(1, actor: own, reason: nil) },
                { _ = try await codes.decide.deny(1, actor: own, reason: nil) },
                { _ = try await codes.decide.reveal(1, actor: own, reason: nil) },
            ] as [@Sendable () async throws -> Void] {
                #expect(await recoveryCode(act) == .ownAccount)
            }
            let decide = codes.decide
            let endings = await race(8) { _ in
                _ = try await decide.approve(1, actor: .administrator(other, address: nil), reason: "called me")
            }
            #expect(endings == [nil: 1, .requestClosed: 7])
            #expect(try await fixture.number("SELECT count(*) AS n FROM reset_code WHERE approved = 1") == 1)
            let (_, code) = try await decide.reveal(1, actor: .administrator(other, address: nil), reason: nil)
            try await codes.use("ada", code.shownOnce, "meadow-Copper-74")
            #expect(
                await recoveryCode { _ = try await decide.reveal(1, actor: StoreFixture.actor, reason: nil) }
                    == .requestClosed)
        }
    }

    @Test("nobody's own request is hidden behind its not being looked at yet", arguments: TestDatabase.Kind.all)
    func ownNew(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada", role: .admin)
            let codes = CodeFixture(fixture, needsApproval: true)
            try await codes.request(name: "ada", address: nil)
            let own = Actor.administrator(account, address: nil)
            #expect(
                await recoveryCode { _ = try await codes.decide.approve(1, actor: own, reason: nil) } == .ownAccount)
            try await codes.request(name: "nobody", address: nil)
            #expect(
                await recoveryCode { _ = try await codes.decide.approve(2, actor: own, reason: nil) } == .unknownAccount
            )
            #expect(
                await recoveryCode { _ = try await codes.decide.approve(3, actor: own, reason: nil) } == .unknownRequest
            )
        }
    }

    @Test("a denied request brings no code, and every act is in the audit trail", arguments: TestDatabase.Kind.all)
    func denied(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            try await fixture.add("ada")
            let codes = CodeFixture(fixture, needsApproval: true)
            for _ in 0..<2 { _ = try await codes.code(for: "ada") }
            let request = try await codes.decide.deny(1, actor: StoreFixture.actor, reason: "not her")
            #expect(request.state == .denied)
            #expect(
                await recoveryCode { _ = try await codes.decide.approve(1, actor: StoreFixture.actor, reason: nil) }
                    == .requestClosed)
            #expect(
                await recoveryCode { _ = try await codes.decide.deny(1, actor: StoreFixture.actor, reason: nil) }
                    == .requestClosed)
            _ = try await codes.decide.approve(2, actor: StoreFixture.actor, reason: nil)
            for _ in 0..<2 { _ = try await codes.decide.reveal(2, actor: StoreFixture.actor, reason: nil) }
            #expect(await !codes.verifies("ada", "000000"))
            #expect(await !codes.verifies("ada", "000001"))
            fixture.clock.advance(by: .seconds(60))
            #expect(await !codes.verifies("ada", "000000"))
            let rows = try await fixture.rows("SELECT row FROM audit ORDER BY sequence")
            let actions = try rows.compactMap { try $0.text("row").firstMatch(of: /"action":"(code\.[a-z]+)"/)?.1 }
            #expect(
                actions == [
                    "code.requested", "code.withheld", "code.requested", "code.withheld", "code.denied",
                    "code.approved", "code.revealed", "code.revealed", "code.refused", "code.refused",
                ])
        }
    }
}
