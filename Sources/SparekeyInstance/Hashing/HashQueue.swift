import Dispatch
import Sparekey
import Synchronization

/// One hash that waits for a thread. It holds the password by reference, and nothing of it once it has run.
struct HashJob: Sendable {
    let expected: Duration
    let arrived: ContinuousClock.Instant
    /// Hashes and hands over what came of it, given how long the job waited.
    let run: @Sendable (_ waited: Duration) -> Void
    let refuse: @Sendable (any Error) -> Void
}

/// Where hashes wait, bounded by how long they would wait, and who serves them.
final class HashQueue: Sendable {
    private struct State {
        var line = WaitingLine()
        /// Served only when nobody else waits.
        var idle = WaitingLine()
        var costs = HashCosts()
        var tickets: UInt64 = 0
        var threads = 0
        var isEnding = false
        var enders: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    /// One signal for each job that came; a job that stepped out leaves its signal behind.
    private let arrivals = DispatchSemaphore(value: 0)
    private let patience: Duration
    let now: @Sendable () -> ContinuousClock.Instant

    init(patience: Duration, now: @escaping @Sendable () -> ContinuousClock.Instant) {
        self.patience = patience
        self.now = now
    }

    func nextTicket() -> UInt64 {
        state.withLock { state in
            state.tickets += 1
            return state.tickets
        }
    }

    /// Puts a job in line, or refuses it at once when it would wait for longer than anybody should.
    func post(
        _ ticket: UInt64, _ kind: HashKind, isUrgent: Bool, run: @escaping @Sendable (Duration) -> Void,
        refuse: @escaping @Sendable (any Error) -> Void
    ) {
        let refusal = state.withLock { state -> RecoveryError? in
            if state.isEnding { return Self.stopping }
            let wait = state.line.work / max(1, state.threads)
            if isUrgent, wait > patience { return Self.overloaded(wait) }
            let job = HashJob(
                expected: state.costs.expected(kind), arrived: now(), run: run, refuse: refuse)
            if isUrgent { state.line.append(job, ticket: ticket) } else { state.idle.append(job, ticket: ticket) }
            return nil
        }
        if let refusal { refuse(refusal) } else { arrivals.signal() }
    }

    /// Takes a waiting job out of the line and refuses it; one that runs already runs to its end.
    func withdraw(_ ticket: UInt64) {
        let job = state.withLock { $0.line.remove(ticket) ?? $0.idle.remove(ticket) }
        job?.refuse(CancellationError())
    }

    func learn(_ kind: HashKind, _ worked: Duration) {
        state.withLock { $0.costs.learn(kind, worked) }
    }

    /// What a job that came now would wait.
    var expectedWait: Duration { state.withLock { $0.line.work / max(1, $0.threads) } }

    /// How many wait, urgent or not.
    var waiting: Int { state.withLock { $0.line.count + $0.idle.count } }
}

// MARK: - The threads' side

extension HashQueue {
    func join() {
        state.withLock { $0.threads += 1 }
    }

    func leave() {
        let enders = state.withLock { state in
            state.threads -= 1
            guard state.threads == 0 else { return [CheckedContinuation<Void, Never>]() }
            defer { state.enders = [] }
            return state.enders
        }
        for ender in enders { ender.resume() }
    }

    /// Serves one job after the other until the end.
    func serve() {
        while let wake = nextTurn() {
            switch wake {
            case .nothing: continue
            case .late(let job, let wait): job.refuse(Self.overloaded(wait))
            case .turn(let job, let waited): job.run(waited)
            }
        }
    }

    private enum Turn {
        case nothing
        case late(HashJob, Duration)
        case turn(HashJob, Duration)
    }

    private func nextTurn() -> Turn? {
        arrivals.wait()
        return state.withLock { state in
            if state.isEnding { return nil }
            if let job = state.line.next() {
                let waited = now() - job.arrived
                guard waited <= patience else { return .late(job, state.line.work / max(1, state.threads)) }
                return .turn(job, waited)
            }
            return state.idle.next().map { .turn($0, now() - $0.arrived) } ?? .nothing
        }
    }

    /// Refuses what waits and lets the threads go; what runs, runs to its end.
    func end() {
        let (waiting, threads) = state.withLock { state -> ([HashJob], Int) in
            guard !state.isEnding else { return ([], 0) }
            state.isEnding = true
            return (state.line.removeAll() + state.idle.removeAll(), state.threads)
        }
        for job in waiting { job.refuse(Self.stopping) }
        for _ in 0..<threads { arrivals.signal() }
    }

    /// Returns when the last thread has gone.
    func ended() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.threads > 0 { state.enders.append(continuation) }
                return state.threads == 0
            }
            if isOver { continuation.resume() }
        }
    }
}

// MARK: - Refusals

extension HashQueue {
    private static func overloaded(_ wait: Duration) -> RecoveryError {
        // Whole seconds, at least one: an exact wait would tell strangers what the server is doing.
        let seconds = max(1, wait.components.seconds + 1)
        return RecoveryError(
            .overloaded, reason: "too many passwords are waiting to be checked",
            hint: "nothing was changed; try again in a moment", retryAfter: .seconds(seconds))
    }

    private static let stopping = RecoveryError(
        .overloaded, reason: "the server is stopping", hint: "nothing was changed; try again in a moment")
}
