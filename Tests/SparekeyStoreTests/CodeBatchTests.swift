import Sparekey
import SparekeySQL
import SparekeyStore
import SparekeyTesting
import Testing

@Suite("Many requests for codes at once", .serialized)
struct CodeBatchTests {
    private func with(
        _ kind: TestDatabase.Kind, _ body: (StoreFixture, CodeFixture) async throws -> Void
    ) async throws {
        try await StoreFixture.with(kind) { fixture in
            _ = try await fixture.add("ada", email: "ada@x.org")
            _ = try await fixture.add("bob")
            try await body(fixture, CodeFixture(fixture))
        }
    }

    @Test("each is decided as if it had come alone", arguments: TestDatabase.Kind.all)
    func batch(_ kind: TestDatabase.Kind) async throws {
        try await with(kind) { fixture, codes in
            for (index, name) in ["ada", "ada@x.org", "nobody", "ADA", "bob", "Ada@x.org"].enumerated() {
                try await codes.request(name: name, address: "192.0.2.\(index)")
            }
            let outcome = try await codes.issue()()
            #expect(outcome.decided == 6 && outcome.undelivered.isEmpty && outcome.lines.count == 5)
            #expect(codes.notices.all.map(\.number) == [1, 2, 4, 5])
            let states = try await fixture.store.requests(before: nil, limit: 9, now: fixture.clock.now).map(\.state)
            #expect(states.reversed() == [.live, .live, .nobody, .live, .live, .withheld])
            for code in codes.notices.codes.prefix(3) { #expect(await codes.verifies("ada", code)) }
            let rest = try await codes.issue()().decided
            let isValid = try await fixture.store.verifyAuditTrail().isValid
            #expect(rest == 0 && isValid)
        }
    }

    @Test("a request that a limit refuses is not written", arguments: TestDatabase.Kind.all)
    func refused(_ kind: TestDatabase.Kind) async throws {
        try await with(kind) { fixture, _ in
            let request = limited(fixture)
            var taken = 0
            while await recoveryCode({ try await request(name: "ada", address: nil) }) == nil, taken < 100 {
                taken += 1
            }
            #expect(taken == ThrottleLimits.standard.request.perName)
            let again = await recoveryCode { try await request(name: "ada", address: nil) }
            #expect(again == .throttled)
            let written = try await fixture.store.newRequests(of: nil, limit: 200)
            #expect(written.count == taken)
        }
    }

    @Test("of many at once a limit refuses its own, and the others are written", arguments: TestDatabase.Kind.all)
    func together(_ kind: TestDatabase.Kind) async throws {
        try await with(kind) { fixture, _ in
            let request = limited(fixture)
            let allowed = ThrottleLimits.standard.request.perName
            let endings = await race(120) { index in
                try await request(name: index.isMultiple(of: 2) ? "ada" : "somebody\(index)", address: nil)
            }
            #expect(endings == [nil: 60 + allowed, .throttled: 60 - allowed])
            let written = try await fixture.store.newRequests(of: nil, limit: 200)
            #expect(Set(written.map(\.number)) == Set(1...Int64(60 + allowed)))
            let verdict = try await fixture.store.verifyAuditTrail()
            #expect(verdict.isValid)
        }
    }

    @Test("of many at once each hears that the database cannot be written", arguments: TestDatabase.Kind.all)
    func unwritable(_ kind: TestDatabase.Kind) async throws {
        try await with(kind) { fixture, codes in
            try await fixture.execute("ALTER TABLE reset_request RENAME TO elsewhere")
            let endings = await race(40) { index in try await codes.request(name: "somebody\(index)", address: nil) }
            #expect(endings[nil] == nil && endings.values.reduce(0, +) == 40)
            try await fixture.execute("ALTER TABLE elsewhere RENAME TO reset_request")
            try await codes.request(name: "ada", address: nil)
            let written = try await fixture.store.newRequests(of: nil, limit: 200)
            #expect(written.map(\.number) == [1])
        }
    }

    private func limited(_ fixture: StoreFixture) -> RequestResetCode {
        let charge = ChargeTry(register: fixture.store, key: fixture.key, limits: .standard, clock: fixture.clock)
        let record = RecordWrongTries(register: fixture.store, key: fixture.key, clock: fixture.clock)
        return RequestResetCode(
            codes: fixture.store, limits: TryLimits(chargeTry: charge, recordWrongTries: record),
            directories: fixture.directories(), key: fixture.key, clock: fixture.clock, random: SystemRandomSource())
    }
}

@Suite("A head that may lag", .serialized)
struct LaggingHeadTests {
    @Test(
        "requests for codes may lag behind where somebody sees to it, and nothing else may",
        arguments: TestDatabase.Kind.all)
    func lagging(_ kind: TestDatabase.Kind) async throws {
        try await AuditFixture.with(kind) { trail in
            let codes = CodeFixture(trail.fixture, trail.store)
            let worker = Task { await trail.store.keepLaggingHead() }
            for number in 1...20 {
                try await codes.request(name: "somebody\(number)", address: nil)
                let isValid = try await trail.store.verifyAuditTrail().isValid
                #expect(isValid)
            }
            try await trail.act()
            #expect(try await isKept(trail))
            try await codes.request(name: "another", address: nil)
            worker.cancel()
            await worker.value
            await trail.store.keepHead()
            #expect(try await isKept(trail))
            // Nobody sees to it any more.
            try await codes.request(name: "late", address: nil)
            #expect(try await isKept(trail))
        }
    }

    @Test("what lags is kept without another row", arguments: TestDatabase.Kind.all)
    func catchesUp(_ kind: TestDatabase.Kind) async throws {
        try await AuditFixture.with(kind) { trail in
            let codes = CodeFixture(trail.fixture, trail.store)
            let worker = Task { await trail.store.keepLaggingHead() }
            for number in 1...5 { try await codes.request(name: "somebody\(number)", address: nil) }
            let end = ContinuousClock.now + .seconds(20)
            while try await !isKept(trail), ContinuousClock.now < end { await Task.yield() }
            #expect(try await isKept(trail))
            worker.cancel()
            await worker.value
        }
    }

    private func isKept(_ trail: AuditFixture) async throws -> Bool {
        let verdict = try await trail.store.verifyAuditTrail()
        return verdict.isValid && verdict.kept == verdict.head
    }
}
