import Sparekey
import SparekeyStore
import SparekeyTesting
import Testing

@Suite("Budgets of codes, and what the audit trail gets")
struct ThrottleAuditTests {
    private static let budgets = CodeBudgets(accountDay: 3, accountSinceSuccess: 5, instanceDay: 7)

    @Test(
        "an account's codes need an approval after its day's budget, and after what success alone renews",
        arguments: TestDatabase.Kind.all)
    func budgets(_ kind: TestDatabase.Kind) async throws {
        try await ThrottleFixture.with(kind) { throttle async throws in
            let ada = try await throttle.fixture.add("ada")
            let comparing = throttle.comparing(Self.budgets)
            for _ in 0..<3 {
                #expect(try await comparing.spent(by: .known(ada)) == nil)
                #expect(try await comparing(for: .known(ada), address: nil).isAllowed)
            }
            #expect(try await comparing.spent(by: .known(ada)) == .accountDay)
            for _ in 0..<4 {
                #expect(try await comparing(for: .known(ada), address: nil).spent == .accountDay)
            }
            #expect(try await throttle.audited(.codeBudgetSpent).count == 1)
            throttle.clock.advance(by: .seconds(86_400))
            for _ in 0..<2 { #expect(try await comparing(for: .known(ada), address: nil).isAllowed) }
            throttle.clock.advance(by: .seconds(400 * 86_400))
            #expect(try await comparing(for: .known(ada), address: nil).spent == .accountSinceSuccess)
            let rows = try await throttle.audited(.codeBudgetSpent)
            #expect(rows.count == 2)
            #expect(rows.allSatisfy { $0.contains("\"username\":\"ada\"") })
            _ = try await throttle.fixture.pipeline()(try await throttle.fixture.request(ada, "new password"))
            #expect(try await comparing(for: .known(ada), address: nil).isAllowed)
        }
    }

    @Test(
        "right codes cost no budget, wrong ones of everybody together the instance's", arguments: TestDatabase.Kind.all)
    func instanceBudget(_ kind: TestDatabase.Kind) async throws {
        try await ThrottleFixture.with(kind) { throttle async throws in
            let comparing = throttle.comparing(Self.budgets)
            let ada = try await throttle.fixture.add("ada")
            for _ in 0..<20 {
                guard case .allowed(let charge) = try await comparing(for: .known(ada), address: nil) else {
                    Issue.record("a right code was charged")
                    return
                }
                try await comparing.giveBack(charge)
            }
            for number in 0..<7 {
                let nobody = ThrottledAccount.unknown(AccountName("nobody\(number)"))
                #expect(try await comparing(for: nobody, address: nil).isAllowed)
            }
            #expect(try await comparing(for: .known(ada), address: nil).spent == .instanceDay)
            #expect(try await throttle.comparing(nil).spent(by: .known(ada)) == nil)
            #expect(try await throttle.comparing(nil)(for: .known(ada), address: nil).isAllowed)
            // Nothing of a name that nobody has outlives the day.
            throttle.clock.advance(by: .seconds(86_401))
            for _ in 0..<3 { _ = try await comparing(for: .known(ada), address: nil) }
            #expect(try await throttle.counters() == 3)
        }
    }

    @Test(
        "of 64 comparisons at once exactly as many are let through as the budget holds",
        arguments: TestDatabase.Kind.all)
    func budgetRace(_ kind: TestDatabase.Kind) async throws {
        try await ThrottleFixture.with(kind) { throttle async throws in
            let ada = try await throttle.fixture.add("ada")
            let comparing = throttle.comparing(Self.budgets)
            let allowed = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<64 {
                    group.addTask { try await comparing(for: .known(ada), address: nil).isAllowed }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(allowed == 3)
        }
    }

    @Test(
        "wrong tries at a name make one row a minute, which names nobody, and lose no count",
        arguments: TestDatabase.Kind.all)
    func coalesced(_ kind: TestDatabase.Kind) async throws {
        try await ThrottleFixture.with(kind) { throttle async throws in
            let recording = throttle.recording
            let attempt = ThrottledTry(.signIn, address: "192.0.2.1", name: AccountName("Ada"))
            for _ in 0..<50 { try await recording(attempt) }
            #expect(try await throttle.audited(.signInRefused).count == 1)
            throttle.clock.advance(by: .seconds(61))
            try await recording(attempt)
            try await recording(attempt)
            let rows = try await throttle.audited(.signInRefused)
            #expect(rows.count == 3)
            #expect(rows[1].contains("49 more in the minute from 2026-01-01T00:00:00Z"))
            #expect(try await recording.settle() == 0)
            throttle.clock.advance(by: .seconds(61))
            #expect(try await recording.settle() == 1)
            #expect(try await recording.settle() == 0)
            let all = try await throttle.audited(.signInRefused)
            #expect(all.count == 4)
            let hash = ThrottleKeys(throttle.fixture.key).nameHash(AccountName("ada"))
            #expect(all.allSatisfy { $0.contains("\"name\":\"\(hash)\"") && !$0.lowercased().contains("\"ada\"") })
        }
    }

    @Test("a flood of wrong tries by several handles makes one row", arguments: TestDatabase.Kind.all)
    func coalescedRace(_ kind: TestDatabase.Kind) async throws {
        try await ThrottleFixture.with(kind) { throttle async throws in
            let other = try await throttle.fixture.another()
            let recorders = [
                throttle.recording,
                RecordWrongTries(register: other, key: throttle.fixture.key, clock: throttle.clock),
            ]
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<32 {
                    group.addTask {
                        try await recorders[number % 2](
                            ThrottledTry(.guess, address: nil, name: AccountName("ada")))
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await throttle.audited(.guessRefused).count == 1)
            throttle.clock.advance(by: .seconds(60))
            try await throttle.recording.settle()
            #expect(try await throttle.audited(.guessRefused).last?.contains("31 more") == true)
            await other.close()
        }
    }

    @Test(
        "what an address's limit refuses is one row of the address, whatever the names",
        arguments: TestDatabase.Kind.all)
    func addressRow(_ kind: TestDatabase.Kind) async throws {
        try await ThrottleFixture.with(kind) { throttle async throws in
            for number in 0..<30 { _ = try await throttle.request("name\(number)", from: "192.0.2.1") }
            let rows = try await throttle.audited(.requestRefused)
            #expect(rows.count == 1)
            #expect(rows.first?.contains("192.0.2.1") == true)
            #expect(rows.first?.contains("\"name\"") == false)
            #expect(rows.first?.contains("throttled") == true)
        }
    }
}

extension ComparisonVerdict {
    fileprivate var isAllowed: Bool {
        if case .allowed = self { true } else { false }
    }

    fileprivate var spent: ThrottleCounter.Scope? {
        if case .needsApproval(let scope) = self { scope } else { nil }
    }
}
