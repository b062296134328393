import Foundation
import PasswordHashing
import SparekeyStore
import Testing

@testable import Sparekey
@testable import SparekeyInstance

@Suite("The floor of failed sign-ins")
struct SignInFloorTests {
    /// A fresh instance on SQLite with a pool of its own.
    private func withInstance(
        _ body: (Instance, HashPool, (Instance, String, String?) async throws -> Void) async throws -> Void
    ) async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "sparekey-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let options = InstanceOptions(data: path, config: nil, database: nil, environment: [:])
        let instance = try await Instance.open(options, mayCreate: true)
        let pool = try instance.hashPool()
        try await body(instance, pool, add)
        await pool.shutdown()
        await instance.close()
    }

    private func add(_ instance: Instance, _ username: String, hash: String?) async throws {
        let account = Account(
            id: SystemRandomSource().uuid(), username: username, email: nil, displayName: username, role: .user,
            isActive: true, createdAt: instance.now)
        let columns = StoredColumns([
            OwnColumn.passwordHash: hash.map(StoredValue.text) ?? .null, OwnColumn.requireChange: .integer(0),
        ])
        try await instance.register.add(
            NewAccount(account: account, credentials: columns), onlyWithoutAdministrator: false,
            audit: AuditEvent(.accountAdded, actor: .server, at: instance.now, account: account))
    }

    private func stored(_ scheme: String, _ cost: String, _ password: String = "a password") throws -> String {
        try HashFormats.standard.make(Password(utf8: password), cost: HashCost(scheme: scheme, text: cost))
    }

    private func floor(_ instance: Instance, _ pool: HashPool, samples: Int = 3) async throws -> SignInFloor {
        try await SignInFloor(hasher: pool, register: instance.store, random: SystemRandomSource(), samples: samples)
    }

    @Test("accepts the right password of an account, and nothing where there is nothing to compare with")
    func accepts() async throws {
        try await withInstance { instance, pool, _ in
            let floor = try await floor(instance, pool)
            let hash = try stored("bcrypt", "4")
            let password = Password(utf8: "a password")
            #expect(try await floor.check(password, against: hash, since: .now).isAccepted)
            #expect(try await !floor.check(Password(utf8: "wrong"), against: hash, since: .now).isAccepted)
            let long = Password(utf8: String(repeating: "x", count: 73))
            let beyond = "$argon2id$v=19$m=4000000,t=2,p=1$c29tZXNhbHRzb21l$" + String(repeating: "A", count: 43)
            for (given, value) in [(password, nil), (password, "by hand"), (password, beyond), (long, hash)] {
                #expect(try await !floor.check(given, against: value, since: .now).isAccepted)
            }
        }
    }

    @Test("no refusal leaves before the floor, whoever it was for, and each has cost a hash")
    func noEarlier() async throws {
        try await withInstance { instance, pool, _ in
            let floor = try await floor(instance, pool)
            let quick = try stored("argon2id", "m=8,t=1,p=1")
            for value in [nil, quick, try stored("bcrypt", "4"), "by hand"] {
                let least = floor.floor
                let start = ContinuousClock.now
                let check = try await floor.check(Password(utf8: "wrong"), against: value, since: start)
                await floor.delay(check)
                // The floor follows the samples, so it may have sunk a little in between.
                #expect(ContinuousClock.now - start >= min(least, floor.floor))
                if value == nil || value == "by hand" { #expect(check.worked > .milliseconds(1)) }
            }
        }
    }

    @Test("waiting in line is added to the floor and not hidden by it")
    func waiting() async throws {
        let fixture = try PoolFixture()
        try await withInstance { instance, _, _ in
            let floor = try await floor(instance, fixture.pool)
            let start = ContinuousClock.now
            var check: Task<SignInCheck, any Error>?
            try await fixture.whileBusy {
                check = Task { try await floor.check(Password(utf8: "wrong"), against: nil, since: start) }
                while fixture.pool.queue.waiting == 0 { await Task.yield() }
                fixture.advance(by: .seconds(2))
            }
            let begun = try #require(try await check?.value.begun)
            #expect(begun >= start + .seconds(2))
        }
    }

    @Test("the dummy is of the slowest kind that is present, made from random bytes, and the floor is that kind's")
    func dummy() async throws {
        try await withInstance { instance, pool, add in
            let floor = try await floor(instance, pool)
            let own = try #require(HashFormats.costPrefix(of: floor.dummy))
            #expect(own == "$argon2id$v=19$m=19456,t=2,p=1")
            let slow = try stored("argon2id", "m=65536,t=4,p=1")
            for (name, hash) in [
                ("quick", try stored("bcrypt", "4")), ("slow", slow), ("none", nil), ("garbage", "$my$secret$word"),
            ] { try await add(instance, name, hash) }
            try await floor.measure(spacing: .zero)
            #expect(floor.dummy.hasPrefix("$argon2id$v=19$m=65536,t=4,p=1$") && floor.dummy != slow)
            let kept = try #require(try await instance.store.keptSignInFloor())
            #expect(kept.costPrefix == "$argon2id$v=19$m=65536,t=4,p=1")
            #expect(floor.floor >= kept.p99)
            #expect(try await floor.presentValues().count == 2)
        }
    }

    @Test("a floor that was measured is kept over a restart")
    func kept() async throws {
        try await withInstance { instance, pool, _ in
            let kept = KeptSignInFloor(costPrefix: "$2b$13", p99: .seconds(2))
            try await instance.store.keep(kept)
            let floor = try await floor(instance, pool)
            #expect(floor.floor >= .seconds(2))
            // No account has such a hash any more.
            try await floor.measure(spacing: .zero)
            #expect(floor.floor < .seconds(2))
            #expect(try await instance.store.keptSignInFloor()?.costPrefix == "$argon2id$v=19$m=19456,t=2,p=1")
        }
    }

    @Test("a kind that came after the directory was looked through is measured by the sign-ins it takes part in")
    func learns() async throws {
        try await withInstance { instance, pool, _ in
            let floor = try await floor(instance, pool)
            let before = floor.floor
            let slow = try stored("argon2id", "m=65536,t=4,p=1")
            let check = try await floor.check(Password(utf8: "wrong"), against: slow, since: .now)
            #expect(floor.floor > before && floor.floor > check.worked)
        }
    }

    @Test("measures for as long as it is not cancelled", .timeLimit(.minutes(1)))
    func service() async throws {
        try await withInstance { instance, pool, _ in
            let floor = try await floor(instance, pool)
            let service = Task { try await floor.keepMeasured(spacing: .zero, again: .seconds(3600)) }
            while try await instance.store.keptSignInFloor() == nil { await Task.yield() }
            service.cancel()
            await #expect(throws: CancellationError.self) { try await service.value }
        }
    }
}
