import PasswordHashing
import Sparekey
import SparekeySQL
import SparekeyStore
import SparekeyTesting
import Testing

@Suite("Reset codes")
struct CodeTests {
    private func with(
        _ kind: TestDatabase.Kind, _ body: (StoreFixture, CodeFixture, Account) async throws -> Void
    ) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada", email: "ada@x.org")
            try await body(fixture, CodeFixture(fixture), account)
        }
    }

    @Test("a code is asked for, delivered, verified and used once", arguments: TestDatabase.Kind.all)
    func whole(_ kind: TestDatabase.Kind) async throws {
        try await with(kind) { fixture, codes, account in
            let code = try #require(try await codes.code(for: "ADA"))
            #expect(code.count == 6 && code.allSatisfy(\.isNumber))
            let spaced = "\(code.prefix(3)) - \(code.dropFirst(3))\u{A0}"
            try await codes.verify(name: "ada@x.org", code: spaced, address: nil)
            let report = try await codes.use("ada", code, "meadow-Copper-74")
            #expect(!report.requirePasswordChange && report.expiresAt == nil)
            let isSet = try await fixture.accepts("meadow-Copper-74", account)
            #expect(isSet)
            #expect(await codes.refusal("ada", code, "another-Copper-74") == .invalidCode)
            let request = try #require(try await fixture.store.request(1, now: fixture.clock.now))
            #expect(request.state == .used && request.username == "ada" && request.name == "ADA")
            let row = try #require(
                try await fixture.rows("SELECT row FROM audit ORDER BY sequence DESC").dropFirst().first)
            let last = try row.text("row")
            #expect(last.contains("\"proof\":\"code\"") && last.contains("\"kind\":\"owner\""))
        }
    }

    @Test(
        "nobody is told a code for a name that is unknown or disabled, and none works", arguments: TestDatabase.Kind.all
    )
    func nobody(_ kind: TestDatabase.Kind) async throws {
        try await with(kind) { fixture, codes, _ in
            try await fixture.execute("UPDATE account SET active = 0")
            for name in ["nobody", "ada", "ada@x.org", "a\u{0}da", "", String(repeating: "x", count: 10_000)] {
                #expect(try await codes.code(for: name, random: KnownCodes(number: 123_456)) == nil)
                #expect(await codes.refusal(name, "123456", "meadow-Copper-74") == .invalidCode)
            }
            #expect(codes.notices.all.isEmpty)
            #expect(try await fixture.number("SELECT count(*) AS n FROM reset_code WHERE account_id IS NULL") == 6)
            for number in 1...6 as ClosedRange<Int64> {
                #expect(
                    await recoveryCode {
                        _ = try await codes.decide.reveal(number, actor: StoreFixture.actor, reason: nil)
                    }
                        == .requestClosed)
            }
            #expect(try await fixture.number("SELECT count(*) AS n FROM reset_request WHERE state = 'issued'") == 6)
        }
    }

    @Test("a code of one account opens no other, nor itself once that is disabled", arguments: TestDatabase.Kind.all)
    func foreign(_ kind: TestDatabase.Kind) async throws {
        try await with(kind) { fixture, codes, account in
            try await fixture.add("eve")
            let code = try #require(try await codes.code(for: "ada", random: KnownCodes(number: 847_293)))
            _ = try await codes.code(for: "eve", random: KnownCodes(number: 847_294))
            #expect(code == "847293")
            #expect(await codes.refusal("eve", code, "meadow-Copper-74") == .invalidCode)
            try await fixture.execute("UPDATE reset_code SET account_id = 'other'")
            #expect(await codes.refusal("ada", code, "meadow-Copper-74") == .invalidCode)
            try await fixture.execute("UPDATE reset_code SET account_id = \(account.id)")
            try await fixture.execute("UPDATE account SET active = 0")
            #expect(await codes.refusal("ada", code, "meadow-Copper-74") == .invalidCode)
            try await fixture.execute("UPDATE account SET active = 1")
            #expect(await codes.refusal("ada", code, "meadow-Copper-74") == nil)
        }
    }

    @Test("it works for ten minutes, and not when issued in the future", arguments: TestDatabase.Kind.all)
    func expiry(_ kind: TestDatabase.Kind) async throws {
        try await with(kind) { fixture, codes, _ in
            let code = try #require(try await codes.code(for: "ada"))
            fixture.clock.advance(by: .seconds(-61))
            #expect(await !codes.verifies("ada", code))
            fixture.clock.advance(by: .seconds(661) - .microseconds(1))
            #expect(await codes.verifies("ada", code))
            fixture.clock.advance(by: .microseconds(1))
            #expect(await !codes.verifies("ada", code))
            #expect(await codes.refusal("ada", code, "meadow-Copper-74") == .invalidCode)
            #expect(try await fixture.store.request(1, now: fixture.clock.now)?.state == .expired)
        }
    }

    @Test("after four wrong tries the right code works, after five it does not", arguments: TestDatabase.Kind.all)
    func tries(_ kind: TestDatabase.Kind) async throws {
        try await with(kind) { fixture, codes, _ in
            for isLast in [true, false] {
                let code = try #require(try await codes.code(for: "ada"))
                let wrong = CodeFixture.wrong(code)
                for _ in 0..<2 {
                    #expect(await !codes.verifies("ada", wrong))
                    #expect(await codes.refusal("ada@x.org", wrong, "meadow-Copper-74") == .invalidCode)
                    // Neither of these is a try, nor is a right code.
                    #expect(await codes.refusal("ada", "12345", "meadow-Copper-74") == .invalidCode)
                    #expect(await codes.refusal("ada", "1234567", "meadow-Copper-74") == .invalidCode)
                    #expect(await codes.refusal("ada", "\u{661}23456", "meadow-Copper-74") == .invalidCode)
                    #expect(await codes.refusal("ada", wrong, "short") == .policy)
                    #expect(await codes.verifies("ada", code))
                }
                if isLast { #expect(await !codes.verifies("ada", wrong)) }
                #expect(await codes.verifies("ada", code) == !isLast)
                let ending = await codes.refusal("ada", code, "meadow-Copper-74")
                #expect(ending == (isLast ? .invalidCode : nil))
            }
        }
    }

    @Test("three codes live and share five tries; a fourth request brings none", arguments: TestDatabase.Kind.all)
    func sharing(_ kind: TestDatabase.Kind) async throws {
        try await with(kind) { fixture, codes, _ in
            var issued: [String] = []
            for number in 0..<4 {
                fixture.clock.advance(by: .seconds(1))
                let code = try await codes.code(for: "ada", random: KnownCodes(number: 111_111 + UInt32(number)))
                if let code { issued.append(code) }
            }
            #expect(issued == ["111111", "111112", "111113"])
            #expect(try await fixture.store.request(4, now: fixture.clock.now)?.state == .withheld)
            for code in issued { #expect(await codes.verifies("ada", code)) }
            for _ in 0..<5 { #expect(await !codes.verifies("ada", "000000")) }
            for code in issued { #expect(await !codes.verifies("ada", code)) }
            // Once the tries are spent, the next request begins anew.
            let fresh = try #require(try await codes.code(for: "ada", random: KnownCodes(number: 222_222)))
            #expect(await !codes.verifies("ada", issued[0]))
            #expect(await codes.verifies("ada", fresh))
        }
    }

    @Test("any reset of the account voids its codes, its tokens and what waits", arguments: TestDatabase.Kind.all)
    func voids(_ kind: TestDatabase.Kind) async throws {
        try await with(kind) { fixture, codes, account in
            let first = try #require(try await codes.code(for: "ada"))
            let second = try #require(try await codes.code(for: "ada"))
            let token = try await fixture.issueToken(account).shownOnce
            _ = try await codes.use("ada", first, "meadow-Copper-74")
            #expect(await !codes.verifies("ada", second))
            #expect(await recoveryCode { _ = try await fixture.consume(token, "another-Copper-74") } == .invalidToken)
            let third = try #require(try await codes.code(for: "ada"))
            _ = try await fixture.pipeline()(try await fixture.request(account, "by the operator"))
            #expect(await !codes.verifies("ada", third))
            #expect(try await fixture.number("SELECT count(*) AS n FROM reset_code WHERE sealed IS NOT NULL") == 0)
            let states = try await fixture.store.requests(before: nil, limit: 9, now: fixture.clock.now).map(\.state)
            #expect(states == [.void, .void, .used])
        }
    }

    @Test(
        "rules that know the account are judged after a right code, and spend nothing", arguments: TestDatabase.Kind.all
    )
    func policy(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            try await fixture.add("adalovelace", password: "quartz-Lantern-58")
            let codes = CodeFixture(fixture)
            let code = try #require(try await codes.code(for: "adalovelace"))
            let wrong = CodeFixture.wrong(code)
            #expect(await codes.refusal("adalovelace", wrong, "adalovelace") == .invalidCode)
            for _ in 0..<9 {
                #expect(await codes.refusal("adalovelace", code, "adalovelace") == .policy)
                let again = await recoveryCode {
                    try await codes.use("adalovelace", code, "quartz-Lantern-58", history: 2)
                }
                #expect(again == .policy)
            }
            #expect(await codes.refusal("adalovelace", code, "meadow-Copper-74") == nil)
        }
    }

    @Test("a request that nobody looked at in time brings no code", arguments: TestDatabase.Kind.all)
    func stale(_ kind: TestDatabase.Kind) async throws {
        try await with(kind) { fixture, codes, _ in
            try await codes.request(name: "ada", address: nil)
            fixture.clock.advance(by: .seconds(600))
            #expect(try await codes.issue()().decided == 1)
            #expect(codes.notices.all.isEmpty)
            #expect(try await fixture.store.request(1, now: fixture.clock.now)?.state == .withheld)
        }
    }

    @Test("a notice that cannot be delivered is named, and the code stays good", arguments: TestDatabase.Kind.all)
    func undelivered(_ kind: TestDatabase.Kind) async throws {
        try await with(kind) { fixture, codes, _ in
            try await codes.request(name: "ada", address: nil)
            let channel = CapturedNotices(fails: true)
            let issue = IssueResetCodes(
                codes: fixture.store, directories: fixture.directories(), delivery: channel, key: fixture.key,
                rules: codes.rules, clock: fixture.clock, random: SystemRandomSource())
            #expect(try await issue().undelivered == [1])
            #expect(await codes.verifies("ada", try #require(channel.codes.first)))
        }
    }
}
