import Dispatch
import Glibc
import Synchronization

/// One thread that belongs to one database connection and runs closures on it, one after the other.
///
/// Blocking in a closure blocks nobody else: neither an event loop nor Swift's own thread pool. Since the connection is
/// touched on this thread only, two tasks cannot mix up their statements. It costs one POSIX thread until ``end(_:)``,
/// ``finish(_:)`` or the release of the object.
public final class ConnectionThread: Sendable {
    private let mailbox = Mailbox()

    /// Starts the thread.
    ///
    /// - Throws: ``SQLError`` with code `unavailable` when the system refuses another thread.
    public init() throws {
        var thread = pthread_t()
        let argument = Unmanaged.passRetained(mailbox)
        let failure = pthread_create(&thread, nil, connectionThreadMain, argument.toOpaque())
        guard failure == 0 else {
            argument.release()
            throw SQLError(.unavailable, reason: "the system has no thread left for a database connection")
        }
        pthread_detach(thread)
    }

    deinit {
        mailbox.end {}
    }

    /// Runs `work` after everything that was handed in before, and returns what it returns.
    ///
    /// A task cancelled while `work` waits takes it back and gets `CancellationError`. Once begun, `work` runs to its
    /// end and its result is delivered, so nobody has to guess whether a transaction took place.
    public func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try Task.checkCancellation()
        let number = mailbox.nextNumber()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let run: @Sendable () -> Void = { continuation.resume(with: Result(catching: work)) }
                let refuse: @Sendable (any Error) -> Void = { continuation.resume(throwing: $0) }
                mailbox.post(Mailbox.Job(number: number, run: run, refuse: refuse))
                // The handler may have run before the job was there to be taken back.
                if Task.isCancelled { mailbox.withdraw(number) }
            }
        } onCancel: {
            mailbox.withdraw(number)
        }
    }

    /// Runs `last` after everything handed in before and then ends the thread, without waiting. Work handed in later is
    /// refused with code `unavailable`; a second call does nothing.
    public func end(_ last: @escaping @Sendable () -> Void) {
        mailbox.end(last)
    }

    /// As ``end(_:)``, and waits until `last` has run. A second call returns at once.
    public func finish(_ last: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { continuation in
            let accepted = mailbox.end {
                last()
                continuation.resume()
            }
            if !accepted { continuation.resume() }
        }
    }
}

private func connectionThreadMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    let mailbox = Unmanaged<Mailbox>.fromOpaque(argument).takeRetainedValue()
    while true {
        let (work, isLast) = mailbox.take()
        work()
        if isLast { return nil }
    }
}

/// What waits to be run on one thread.
private final class Mailbox: Sendable {
    struct Job: Sendable {
        let number: UInt64
        let run: @Sendable () -> Void
        let refuse: @Sendable (any Error) -> Void
    }

    private struct State {
        var jobs: [Job] = []
        var last: (@Sendable () -> Void)?
        var isEnding = false
        var numbers: UInt64 = 0
    }

    private let state = Mutex(State())
    private let arrivals = DispatchSemaphore(value: 0)

    func nextNumber() -> UInt64 {
        state.withLock { state in
            state.numbers += 1
            return state.numbers
        }
    }

    func post(_ job: Job) {
        let accepted = state.withLock { state in
            if !state.isEnding { state.jobs.append(job) }
            return !state.isEnding
        }
        guard accepted else { return job.refuse(SQLError(.unavailable, reason: "the database is closed")) }
        arrivals.signal()
    }

    func withdraw(_ number: UInt64) {
        let job = state.withLock { state in
            state.jobs.firstIndex { $0.number == number }.map { state.jobs.remove(at: $0) }
        }
        job?.refuse(CancellationError())
    }

    @discardableResult
    func end(_ last: @escaping @Sendable () -> Void) -> Bool {
        let accepted = state.withLock { state in
            if state.isEnding { return false }
            state.isEnding = true
            state.last = last
            return true
        }
        if accepted { arrivals.signal() }
        return accepted
    }

    /// Waits for the next closure, and says whether it is the last.
    func take() -> (work: @Sendable () -> Void, isLast: Bool) {
        while true {
            // A job that was taken back has left its signal behind: then there is nothing, or the next job early.
            arrivals.wait()
            let next = state.withLock { state -> (work: @Sendable () -> Void, isLast: Bool)? in
                if !state.jobs.isEmpty { return (state.jobs.removeFirst().run, false) }
                defer { state.last = nil }
                return state.last.map { ($0, true) }
            }
            if let next { return next }
        }
    }
}
