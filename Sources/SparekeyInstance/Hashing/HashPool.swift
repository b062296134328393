import CProcess
public import PasswordHashing
public import Sparekey
public import SparekeyApps

/// Hashes on threads of its own, one a usable core, behind everything else the server does.
///
/// First come, first served. A request is refused with ``RecoveryError`` `overloaded` when it would wait for longer than
/// `patience`: at once where that can be foreseen (what waits × what it takes, by kind of hash ÷ threads), else when its
/// turn comes. A cancelled task leaves the line at once; a hash that runs, runs to its end.
///
/// At most as many hashes run as there are threads, so memory is bounded by threads × what one hash takes: 19 MiB for
/// the recommended Argon2id, and 256 MiB at the very most, the house's bound on what a stored value may ask for. The same
/// bounds say for how long a slow stored value can hold a thread. Waiting costs a reference to the password.
///
/// Each hash is a job: a reset makes two (the hash, and the proof that it works), four with `sync_keys`.
public final class HashPool: TimedHasher {
    private let hasher: DirectHasher
    let queue: HashQueue
    /// How many hashes run at once.
    public let threads: Int

    /// Starts the threads.
    ///
    /// - Parameters:
    ///   - threads: nil takes one for each processor that the process may use.
    ///   - patience: how long a request may wait for its turn.
    /// - Throws: ``InstanceError`` `unavailable` when the system refuses the threads.
    public convenience init(_ hasher: DirectHasher, threads: Int? = nil, patience: Duration = .seconds(3)) throws {
        try self.init(hasher, threads: threads ?? UsableCores.count, patience: patience) { .now }
    }

    init(
        _ hasher: DirectHasher, threads: Int, patience: Duration,
        now: @escaping @Sendable () -> ContinuousClock.Instant
    ) throws {
        precondition(threads > 0, "a pool without threads would never answer")
        self.hasher = hasher
        self.threads = threads
        queue = HashQueue(patience: patience, now: now)
        // libsodium maps its memory itself, but libargon2 (several lanes, argon2i, argon2d) and scrypt take it from malloc,
        // which keeps such blocks once it has seen one: after a burst of mixed formats on two threads 125 MiB stayed
        // resident, and with this 51, as much as before the burst and some code.
        _ = cprocess_return_large_blocks(1 << 20)
        do {
            for _ in 0..<threads { try HashThread.start(queue) }
        } catch {
            queue.end()
            throw error
        }
    }

    deinit {
        queue.end()
    }

    /// Refuses what waits (`overloaded`), and returns when the hashes that run are done and the threads gone. Further
    /// work is refused; a second call waits for the same.
    public func shutdown() async {
        queue.end()
        await queue.ended()
    }

    /// What a request that came now would wait for its turn.
    public var expectedWait: Duration { queue.expectedWait }

    public func limitViolation(_ password: Password) -> PolicyViolation? {
        hasher.limitViolation(password)
    }

    public func make(_ password: Password) async throws -> String {
        try await run(.login) { [hasher] in try hasher.make(password) }.outcome.get()
    }

    public func verify(_ password: Password, against stored: String) async throws -> Bool {
        try await run(Self.kind(stored)) { [hasher] in try hasher.verify(password, against: stored) }.outcome.get()
    }

    public func makePBKDF2(_ password: Password) async throws -> String {
        try await run(.pbkdf2) { [hasher] in try hasher.makePBKDF2(password) }.outcome.get()
    }

    public func makeTokenHash(_ token: Password) async throws -> String {
        try await run(.token) { [hasher] in try hasher.makeTokenHash(token) }.outcome.get()
    }

    public func make(_ password: Password, like stored: String) async throws -> String {
        try await run(Self.kind(stored), isUrgent: false) { [hasher] in
            try hasher.make(password, like: stored)
        }.outcome.get()
    }

    public func timedVerify(
        _ password: Password, against stored: String, isUrgent: Bool
    ) async throws -> TimedVerification {
        let timed = try await run(Self.kind(stored), isUrgent: isUrgent) { [hasher] in
            try hasher.verify(password, against: stored)
        }
        return TimedVerification(outcome: timed.outcome, waited: timed.waited, worked: timed.worked)
    }

    private static func kind(_ stored: String) -> HashKind {
        .stored(HashFormats.costPrefix(of: stored))
    }
}

/// A program's own formats hash here too.
extension HashPool: HashingPlace {
    public func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await run(.program, work).outcome.get()
    }
}

// MARK: - Running

extension HashPool {
    struct Timed<Value: Sendable>: Sendable {
        let outcome: Result<Value, any Error>
        let waited: Duration
        let worked: Duration
    }

    /// Runs `work` on one of the threads when its turn comes.
    ///
    /// - Throws: `overloaded`, or `CancellationError`; what `work` throws is in the outcome.
    func run<Value: Sendable>(
        _ kind: HashKind, isUrgent: Bool = true, _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Timed<Value> {
        try Task.checkCancellation()
        let (queue, ticket) = (queue, queue.nextTicket())
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                queue.post(ticket, kind, isUrgent: isUrgent) { waited in
                    let began = queue.now()
                    let outcome = Result { try work() }
                    let worked = queue.now() - began
                    // What fails has done less than the whole work.
                    if case .success = outcome { queue.learn(kind, worked) }
                    continuation.resume(returning: Timed(outcome: outcome, waited: waited, worked: worked))
                } refuse: {
                    continuation.resume(throwing: $0)
                }
                // The handler may have run before the job was there to be taken back.
                if Task.isCancelled { queue.withdraw(ticket) }
            }
        } onCancel: {
            queue.withdraw(ticket)
        }
    }
}
