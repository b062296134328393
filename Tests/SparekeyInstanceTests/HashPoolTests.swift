import Dispatch
import Foundation
import PasswordHashing
import Sparekey
import Synchronization
import Testing

@testable import SparekeyInstance

/// A pool with a clock that can be put forward, and jobs that stand still until they may go on.
struct PoolFixture {
    let pool: HashPool
    private let ahead = Ahead()

    private final class Ahead: Sendable {
        let time = Mutex(Duration.zero)
    }

    init(threads: Int = 1, patience: Duration = .seconds(3), scheme: String = "argon2id") throws {
        let hasher = try DirectHasher(scheme: scheme, costText: nil)
        pool = try HashPool(hasher, threads: threads, patience: patience) { [ahead] in
            .now + ahead.time.withLock(\.self)
        }
    }

    func advance(by duration: Duration) {
        ahead.time.withLock { $0 += duration }
    }

    /// Keeps one thread busy until `body` is over.
    func whileBusy(_ body: () async throws -> Void) async throws {
        let (arrivals, arrival) = AsyncStream<Void>.makeStream()
        let gate = DispatchSemaphore(value: 0)
        let held = Task { [pool] in
            try await pool.run(.login) {
                arrival.yield()
                gate.wait()
            }
        }
        for await _ in arrivals { break }
        let result = await Result { try await body() }
        gate.signal()
        _ = try await held.value.outcome.get()
        try result.get()
    }

    /// Hands in a job and returns when it stands in line or was refused.
    func queue<Value: Sendable>(
        isUrgent: Bool = true, _ work: @escaping @Sendable () throws -> Value
    ) async -> Task<Value, any Error> {
        let (before, over) = (pool.queue.waiting, Flag(false))
        let task = Task { [pool] in
            defer { over.value.withLock { $0 = true } }
            return try await pool.run(.login, isUrgent: isUrgent, work).outcome.get()
        }
        while pool.queue.waiting == before, !over.value.withLock(\.self) { await Task.yield() }
        return task
    }

    /// A lock that closures may share.
    private final class Flag: Sendable {
        let value: Mutex<Bool>
        init(_ value: Bool) { self.value = Mutex(value) }
    }
}

extension Result where Failure == any Error {
    init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}

private func overloaded(_ body: () async throws -> Void) async -> RecoveryError? {
    do {
        try await body()
        return nil
    } catch {
        let error = error as? RecoveryError
        return error?.code == .overloaded ? error : nil
    }
}

@Suite("The hashing pool")
struct HashPoolTests {
    @Test("makes and checks what the hasher in place makes and checks")
    func hashes() async throws {
        let pool = try PoolFixture(threads: 2).pool
        let (password, other) = (Password(utf8: "a password"), Password(utf8: "another"))
        for stored in [
            try await pool.make(password), try await pool.makePBKDF2(password), try await pool.makeTokenHash(password),
        ] {
            #expect(try await pool.verify(password, against: stored))
            #expect(try await !pool.verify(other, against: stored))
        }
        let like = try await pool.make(password, like: "$2y$04$" + String(repeating: ".", count: 53))
        #expect(like.hasPrefix("$2y$04$"))
        await #expect(throws: HashError.self) { try await pool.verify(password, against: "no hash") }
        let timed = try await pool.timedVerify(password, against: like, isUrgent: true)
        #expect(try timed.outcome.get() && timed.worked > .zero && timed.waited >= .zero)
        await pool.shutdown()
    }

    @Test("serves in the order of arrival, and what nobody waits for last")
    func order() async throws {
        let fixture = try PoolFixture()
        let seen = Seen()
        try await fixture.whileBusy {
            _ = await fixture.queue(isUrgent: false) { seen.add(-1) }
            for number in 0..<20 { _ = await fixture.queue { seen.add(number) } }
        }
        await fixture.pool.drain()
        _ = try await fixture.pool.run(.login, isUrgent: false) {}
        #expect(seen.numbers == Array(0..<20) + [-1])
    }

    @Test("refuses at once what would wait for too long, and says when to come back")
    func refusal() async throws {
        let fixture = try PoolFixture(patience: .milliseconds(120))
        try await fixture.whileBusy {
            // A first hash is taken to need 50 ms, so the fourth would wait for 150.
            for _ in 0..<3 { _ = await fixture.queue {} }
            #expect(fixture.pool.expectedWait == .milliseconds(150))
            let error = await overloaded { try await fixture.queue {}.value }
            #expect(error?.retryAfter == .seconds(1))
            #expect(fixture.pool.queue.waiting == 3)
            // Nobody waits for this one, so it may wait for ever.
            _ = await fixture.queue(isUrgent: false) {}
            #expect(fixture.pool.queue.waiting == 4)
        }
    }

    @Test("refuses what has waited for too long when its turn comes, and serves who came later")
    func late() async throws {
        let fixture = try PoolFixture()
        let hasRun = Seen()
        var tasks: [Task<Void, any Error>] = []
        try await fixture.whileBusy {
            tasks.append(await fixture.queue { hasRun.add(1) })
            fixture.advance(by: .seconds(4))
            tasks.append(await fixture.queue { hasRun.add(2) })
        }
        let error = await overloaded { try await tasks[0].value }
        #expect(error?.retryAfter != nil)
        try await tasks[1].value
        #expect(hasRun.numbers == [2])
    }

    @Test("learns what each kind of hash takes from those it made")
    func kinds() async throws {
        let fixture = try PoolFixture()
        let pool = fixture.pool
        let password = Password(utf8: "a password")
        let slow = try await pool.make(password, like: "$2b$10$" + String(repeating: ".", count: 53))
        let quick = try await pool.make(password, like: "$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$" + zeros)
        try await fixture.whileBusy {
            let before = pool.queue.waiting
            let first = Task { try await pool.verify(password, against: slow) }
            while pool.queue.waiting == before { await Task.yield() }
            let wait = pool.expectedWait
            let second = Task { try await pool.verify(password, against: quick) }
            while pool.queue.waiting == before + 1 { await Task.yield() }
            #expect(pool.expectedWait - wait < wait)
            first.cancel()
            second.cancel()
        }
    }

    private var zeros: String { String(repeating: "A", count: 43) }

    @Test("lets a cancelled task out of the line at once")
    func cancellation() async throws {
        let fixture = try PoolFixture()
        let hasRun = Seen()
        try await fixture.whileBusy {
            let task = await fixture.queue { hasRun.add(1) }
            #expect(fixture.pool.queue.waiting == 1)
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(fixture.pool.queue.waiting == 0 && fixture.pool.expectedWait == .zero)
        }
        await fixture.pool.drain()
        #expect(hasRun.numbers.isEmpty)
    }

    @Test("drops its reference to the password with the job", .timeLimit(.minutes(1)))
    func references() async throws {
        let fixture = try PoolFixture()
        weak var passed: Password?
        try await fixture.whileBusy {
            let password = Password(utf8: "a password")
            passed = password
            let task = await fixture.queue { [password] in password.count }
            #expect(passed != nil)
            task.cancel()
            _ = await task.result
        }
        #expect(passed == nil)
    }

    @Test("refuses what waits at its end, delivers what runs, and refuses what comes later")
    func shutdown() async throws {
        let fixture = try PoolFixture()
        var waiting: Task<Void, any Error>?
        let end = Task { [pool = fixture.pool] in
            // Begun when somebody waits, so that there is something to refuse.
            while pool.queue.waiting == 0 { await Task.yield() }
            await pool.shutdown()
        }
        try await fixture.whileBusy {
            waiting = await fixture.queue {}
            let task = waiting
            #expect(await overloaded { try await task?.value } != nil)
        }
        await end.value
        await fixture.pool.shutdown()
        #expect(await overloaded { _ = try await fixture.pool.make(Password(utf8: "x")) } != nil)
    }

    @Test("hashes at nice +5, on as many threads as it was given", .timeLimit(.minutes(1)))
    func threads() async throws {
        let fixture = try PoolFixture(threads: 3)
        let met = Rendezvous(of: 3)
        let seen = try await withThrowingTaskGroup(of: (Int, Int, String).self) { group in
            for _ in 0..<3 {
                group.addTask {
                    try await fixture.pool.run(.login) {
                        met.wait()
                        let own = try Self.stat("/proc/thread-self/stat")
                        return (own.nice, own.id, own.name)
                    }.outcome.get()
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let base = try Self.stat("/proc/self/stat").nice
        #expect(seen.allSatisfy { $0.0 == min(19, base + 5) && $0.2 == "sparekey-hash" })
        #expect(Set(seen.map(\.1)).count == 3)
        #expect((1...1024).contains(UsableCores.count))
    }

    /// Fields 1, 2 and 19 of proc_pid_stat(5).
    private static func stat(_ path: String) throws -> (id: Int, name: String, nice: Int) {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let parts = text.split(separator: ")")
        let (head, tail) = (try #require(parts.first), try #require(parts.last))
        let name = try #require(head.split(separator: "(").last)
        let fields = tail.split(separator: " ")
        return (try #require(Int(text.prefix { $0 != " " })), String(name), try #require(Int(fields[16])))
    }
}

/// Numbers in the order they came.
private final class Seen: Sendable {
    private let state = Mutex<[Int]>([])

    var numbers: [Int] { state.withLock(\.self) }
    func add(_ number: Int) { state.withLock { $0.append(number) } }
}

/// Where threads wait until all of them are there.
private final class Rendezvous: Sendable {
    private let missing: Mutex<Int>
    private let gate = DispatchSemaphore(value: 0)

    init(of count: Int) { missing = Mutex(count) }

    func wait() {
        let isLast = missing.withLock { missing in
            missing -= 1
            return missing == 0
        }
        if !isLast { gate.wait() }
        gate.signal()
    }
}

extension HashPool {
    /// Returns when all that was in line before has been served.
    fileprivate func drain() async {
        _ = try? await run(.login) {}
    }
}
