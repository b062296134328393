import Sparekey
import SparekeyStore
import SparekeyTesting
import Testing

@Suite("Limits")
struct ThrottleTests {
    @Test("of 64 tries at once by several handles exactly five are let through", arguments: TestDatabase.Kind.all)
    func race(_ kind: TestDatabase.Kind) async throws {
        try await ThrottleFixture.with(kind) { throttle async throws in
            var stores: [SparekeyStore] = []
            for _ in 0..<4 { stores.append(try await throttle.fixture.another()) }
            let chargers = stores.map { throttle.charging($0) }
            let allowed = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<64 {
                    group.addTask {
                        let attempt = ThrottledTry(.guess, address: "192.0.2.\(number)", name: AccountName("ada"))
                        return try await chargers[number % 4](attempt).verdict == .allowed
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(allowed == 5)
            for store in stores { await store.close() }
        }
    }

    @Test("a limit holds after a restart, says when it ends, and ends then", arguments: TestDatabase.Kind.all)
    func restart(_ kind: TestDatabase.Kind) async throws {
        try await ThrottleFixture.with(kind) { throttle async throws in
            for _ in 0..<5 { #expect(try await throttle.request("ada") == .allowed) }
            throttle.clock.advance(by: .seconds(90))
            let reopened = try await throttle.fixture.another()
            let charge = try await throttle.charging(reopened)(
                ThrottledTry(.request, address: "198.51.100.7", name: AccountName("ada")))
            #expect(charge.verdict == .limited(retryAfter: .seconds(510)))
            #expect(charge.error == RecoveryError(.throttled, reason: ""))
            #expect(charge.error?.retryAfter == .seconds(510))
            await reopened.close()
            throttle.clock.advance(by: .seconds(509))
            #expect(try await throttle.request("ada").isLimited)
            throttle.clock.advance(by: .seconds(1))
            #expect(try await throttle.request("ada") == .allowed)
        }
    }

    @Test("one name is one name however it is typed", arguments: TestDatabase.Kind.all)
    func folding(_ kind: TestDatabase.Kind) async throws {
        try await ThrottleFixture.with(kind) { throttle async throws in
            for name in ["ada", " ADA ", "\u{FF41}da", "Ada", "aDa"] {
                #expect(try await throttle.request(name) == .allowed)
            }
            #expect(try await throttle.request("ada").isLimited)
            #expect(try await throttle.request("adam") == .allowed)
        }
    }

    @Test("an address that is over its limit uses up nobody's name", arguments: TestDatabase.Kind.all)
    func addressFirst(_ kind: TestDatabase.Kind) async throws {
        try await ThrottleFixture.with(kind) { throttle async throws in
            for number in 0..<8 { #expect(try await throttle.request("other\(number)") == .allowed) }
            for _ in 0..<20 { #expect(try await throttle.request("ada").isLimited) }
            for _ in 0..<5 { #expect(try await throttle.request("ada", from: "2001:db8::1") == .allowed) }
            // One that the name refused does not count for the address either.
            for _ in 0..<9 { #expect(try await throttle.request("ada", from: "2001:db8::2").isLimited) }
            #expect(try await throttle.request("eve", from: "2001:db8::2") == .allowed)
        }
    }

    @Test("username and e-mail share one silent limit, of an account or of nobody", arguments: TestDatabase.Kind.all)
    func silent(_ kind: TestDatabase.Kind) async throws {
        try await ThrottleFixture.with(kind) { throttle async throws in
            let ada = try await throttle.fixture.add("ada", email: "ada@x.org")
            for _ in 0..<2 { #expect(try await throttle.signIn("ada", ada) == .allowed) }
            #expect(try await throttle.signIn("ada@x.org", ada, from: "192.0.2.2") == .allowed)
            #expect(try await throttle.signIn("ada@x.org", ada, from: "192.0.2.2") == .silentlyRefused)
            #expect(try await throttle.signIn("ada", ada, from: "192.0.2.3") == .silentlyRefused)
            #expect(try await throttle.signIn("ada", ada, from: "192.0.2.3").isLimited)
            for _ in 0..<3 { #expect(try await throttle.signIn("nobody", nil, from: "192.0.2.4") == .allowed) }
            #expect(try await throttle.signIn("nobody", nil, from: "192.0.2.4").isLimited)
        }
    }

    @Test("strangers cannot lock out a browser that signed in before", arguments: TestDatabase.Kind.all)
    func device(_ kind: TestDatabase.Kind) async throws {
        try await ThrottleFixture.with(kind) { throttle async throws in
            let ada = try await throttle.fixture.add("ada")
            let key = throttle.fixture.key
            let random = SystemRandomSource()
            let own = DeviceToken.issued(to: ada.id, key: key, random: random)
            let foreign = DeviceToken.issued(to: "somebody else", key: key, random: random)
            try await throttle.exhaust { try await throttle.signIn("ada", ada) }
            try await throttle.exhaust { try await throttle.signIn("x", nil) }
            for _ in 0..<3 { #expect(try await throttle.signIn("ada", ada, device: own) == .allowed) }
            #expect(try await throttle.signIn("ada", ada, device: own).isLimited)
            #expect(try await throttle.signIn("ada", ada, from: "192.0.2.9", device: foreign).isLimited)
        }
    }

    @Test("a try that is given back leaves its room, and only in its own window", arguments: TestDatabase.Kind.all)
    func giveBack(_ kind: TestDatabase.Kind) async throws {
        try await ThrottleFixture.with(kind) { throttle async throws in
            let charging = throttle.charging()
            let attempt = ThrottledTry(.guess, address: "192.0.2.1", name: AccountName("ada"))
            for _ in 0..<20 { try await charging.giveBack(try await charging(attempt)) }
            let kept = try await charging(attempt)
            for _ in 0..<4 { #expect(try await charging(attempt).verdict == .allowed) }
            #expect(try await charging(attempt).verdict.isLimited)
            throttle.clock.advance(by: .seconds(600))
            for _ in 0..<5 { #expect(try await charging(attempt).verdict == .allowed) }
            try await charging.giveBack(kept)
            #expect(try await charging(attempt).verdict.isLimited)
        }
    }

    @Test("a clock that is put back locks nobody out", arguments: TestDatabase.Kind.all)
    func clockBack(_ kind: TestDatabase.Kind) async throws {
        try await ThrottleFixture.with(kind) { throttle async throws in
            try await throttle.exhaust { try await throttle.request("ada") }
            throttle.clock.advance(by: .seconds(-50))
            #expect(try await throttle.request("ada").isLimited)
            throttle.clock.advance(by: .seconds(-3600))
            for _ in 0..<5 { #expect(try await throttle.request("ada") == .allowed) }
            #expect(try await throttle.request("ada").isLimited)
            throttle.clock.advance(by: .seconds(7200))
            #expect(try await throttle.request("ada") == .allowed)
        }
    }

    @Test("windows that ended are removed by the tries that follow", arguments: TestDatabase.Kind.all)
    func cleaning(_ kind: TestDatabase.Kind) async throws {
        try await ThrottleFixture.with(kind) { throttle async throws in
            for number in 0..<40 {
                #expect(try await throttle.request("name\(number)", from: "10.0.0.\(number)") == .allowed)
            }
            #expect(try await throttle.counters() == 80)
            throttle.clock.advance(by: .seconds(601))
            #expect(try await throttle.request("ada") == .allowed)
            #expect(try await throttle.counters() == 74)
            for number in 0..<20 { _ = try await throttle.request("later\(number)", from: "10.0.1.\(number)") }
            #expect(try await throttle.counters() == 42)
            // Those that a clock far ahead left go too.
            throttle.clock.advance(by: .seconds(-30 * 86_400))
            for number in 0..<6 { _ = try await throttle.request("old\(number)", from: "10.0.2.\(number)") }
            #expect(try await throttle.counters() == 12)
        }
    }

    @Test("a reset lets its owner try again, under every name, and nobody else", arguments: TestDatabase.Kind.all)
    func reset(_ kind: TestDatabase.Kind) async throws {
        try await ThrottleFixture.with(kind) { throttle async throws in
            let ada = try await throttle.fixture.add("ada", email: "Ada@x.org")
            let eve = try await throttle.fixture.add("eve")
            let device = DeviceToken.issued(to: ada.id, key: throttle.fixture.key, random: SystemRandomSource())
            try await throttle.exhaust { try await throttle.signIn("ada", ada, device: device) }
            try await throttle.exhaust { try await throttle.signIn("ada@x.org", ada, from: "192.0.2.2") }
            try await throttle.exhaust { try await throttle.request("ada", from: "192.0.2.2") }
            try await throttle.exhaust { try await throttle.signIn("eve", eve, from: "192.0.2.3") }
            let reached = try await throttle.unlocking.reached(by: ada)
            #expect(
                reached.map(\.what) == [
                    "requests for a code as 'ada'", "sign-ins as 'ada'", "sign-ins as 'Ada@x.org'",
                    "sign-ins under all its names",
                ])
            _ = try await throttle.fixture.pipeline()(try await throttle.fixture.request(ada, "new password"))
            #expect(try await throttle.unlocking.reached(by: ada).isEmpty)
            #expect(try await throttle.signIn("ada", ada, device: device) == .allowed)
            #expect(try await throttle.signIn("ada@x.org", ada, from: "192.0.2.4") == .allowed)
            #expect(try await throttle.request("ada", from: "192.0.2.4") == .allowed)
            #expect(try await throttle.signIn("eve", eve, from: "192.0.2.4").isLimited)
        }
    }

    @Test(
        "unlocking lifts what was reached and is audited; where nothing was counted nothing is written",
        arguments: TestDatabase.Kind.all)
    func unlock(_ kind: TestDatabase.Kind) async throws {
        try await ThrottleFixture.with(kind) { throttle async throws in
            let ada = try await throttle.fixture.add("ada")
            let none = try await throttle.unlocking(ada, actor: StoreFixture.actor, reason: nil)
            #expect(none.reached.isEmpty && !none.changed)
            #expect(try await throttle.audited(.accountUnlocked).isEmpty)
            try await throttle.exhaust { try await throttle.signIn("ada", ada) }
            let done = try await throttle.unlocking(ada, actor: StoreFixture.actor, reason: "she rang")
            #expect(done.reached.map(\.what) == ["sign-ins as 'ada'", "sign-ins under all its names"])
            #expect(done.changed)
            #expect(try await throttle.audited(.accountUnlocked).count == 1)
            #expect(try await throttle.signIn("ada", ada) == .allowed)
        }
    }

    @Test("switched off, nothing is limited and nothing is written", arguments: TestDatabase.Kind.all)
    func off(_ kind: TestDatabase.Kind) async throws {
        try await ThrottleFixture.with(kind) { throttle async throws in
            let rate = RateLimit(perAddress: 1, perName: 1)
            let charging = throttle.charging(
                limits: ThrottleLimits(areOn: false, request: rate, signIn: rate, guess: rate))
            let attempt = ThrottledTry(.request, address: "192.0.2.1", name: AccountName("ada"))
            for _ in 0..<5 {
                let charge = try await charging(attempt)
                #expect(charge.verdict == .allowed)
                try await charging.giveBack(charge)
            }
            #expect(try await throttle.counters() == 0)
        }
    }

    @Test("an administrator is limited generously, and visibly", arguments: TestDatabase.Kind.all)
    func administrator(_ kind: TestDatabase.Kind) async throws {
        try await ThrottleFixture.with(kind) { throttle async throws in
            let ada = try await throttle.fixture.add("ada", role: .admin)
            let charging = throttle.charging()
            for _ in 0..<300 {
                #expect(try await charging.administrator(ada, address: "192.0.2.1").verdict == .allowed)
            }
            for _ in 0..<3 {
                #expect(try await charging.administrator(ada, address: "192.0.2.1").verdict.isLimited)
            }
            let rows = try await throttle.audited(.administrationRefused)
            #expect(rows.count == 1)
            #expect(rows.first?.contains("\"by\":\"\(ada.id)\"") == true)
        }
    }

    @Test(
        "resets and tries of one account at once wait for each other without a deadlock",
        arguments: TestDatabase.Kind.all)
    func besideResets(_ kind: TestDatabase.Kind) async throws {
        try await ThrottleFixture.with(kind) { throttle async throws in
            let ada = try await throttle.fixture.add("ada", email: "ada@x.org")
            let begun = ContinuousClock.now
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<40 {
                    group.addTask {
                        let name = number.isMultiple(of: 2) ? "ada" : "ada@x.org"
                        _ = try await throttle.signIn(name, ada, from: "192.0.2.\(number)")
                    }
                }
                group.addTask {
                    for number in 0..<4 {
                        _ = try await throttle.fixture.pipeline()(
                            try await throttle.fixture.request(ada, "new password \(number)"))
                    }
                }
                try await group.waitForAll()
            }
            // A deadlock that the server resolves costs a second each time; a busy machine costs what it costs.
            #expect(ContinuousClock.now - begun < .seconds(240))
            #expect(try await throttle.fixture.accepts("new password 3", ada))
        }
    }
}
