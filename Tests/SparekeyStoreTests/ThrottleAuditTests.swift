import Sparekey
import SparekeyStore
import SparekeyTesting
import Testing

@Suite("What the audit trail gets of wrong tries")
struct ThrottleAuditTests {
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
