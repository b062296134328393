import Synchronization

/// Lends each connection to one caller at a time; who comes too late for a free one waits in line.
public final class SessionPool: Sendable {
    private struct Waiter {
        let number: UInt64
        let continuation: CheckedContinuation<SessionConnection, any Error>
    }

    private struct State {
        /// The one used last is lent first, so that the others can stay unopened.
        var idle: [SessionConnection]
        var waiting: [Waiter] = []
        var isClosed = false
        var numbers: UInt64 = 0
    }

    private let state: Mutex<State>
    private let patience: Duration
    private let place: String

    /// Makes the connections' threads; sessions are opened when they are first used.
    ///
    /// - Parameters:
    ///   - patience: how long a caller waits for a free connection, before it gets ``SQLError/Code/busy``.
    ///   - place: the database's place, for messages.
    public init(
        connections: Int, patience: Duration, place: String, _ open: @escaping @Sendable () throws -> any SQLSession
    ) throws {
        state = Mutex(State(idle: try (0..<max(1, connections)).map { _ in try SessionConnection(open) }))
        self.patience = patience
        self.place = place
    }

    deinit {
        for connection in state.withLock({ $0.idle }) { connection.end() }
    }

    /// Waits for a free connection and takes it back when `use` is done.
    public func lend<Value: Sendable>(_ use: (SessionConnection) async throws -> Value) async throws -> Value {
        let connection = try await borrow()
        do {
            let value = try await use(connection)
            giveBack(connection)
            return value
        } catch {
            giveBack(connection)
            throw error
        }
    }

    /// Closes what is idle at once and what is lent when it comes back.
    public func close() async {
        let (idle, waiting) = state.withLock { state in
            state.isClosed = true
            defer { (state.idle, state.waiting) = ([], []) }
            return (state.idle, state.waiting)
        }
        for waiter in waiting { waiter.continuation.resume(throwing: closed()) }
        for connection in idle { await connection.close() }
    }

    private func borrow() async throws -> SessionConnection {
        let (connection, number) = try state.withLock { state in
            if state.isClosed { throw closed() }
            state.numbers += 1
            return (state.idle.popLast(), state.numbers)
        }
        if let connection { return connection }
        return try await withThrowingTaskGroup(of: SessionConnection?.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await self.waitInLine(number) }
            group.addTask {
                await self.loseHope(of: number)
                return nil
            }
            // The second child never throws: a connection handed to the first is never dropped.
            while let result = try await group.next() {
                if let result { return result }
            }
            throw busy()
        }
    }

    private func waitInLine(_ number: UInt64) async throws -> SessionConnection {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                enqueue(Waiter(number: number, continuation: continuation))
                // The handler may have run before there was somebody to send away.
                if Task.isCancelled { sendAway(number, CancellationError()) }
            }
        } onCancel: {
            sendAway(number, CancellationError())
        }
    }

    private func enqueue(_ waiter: Waiter) {
        let outcome: Result<SessionConnection, any Error>? = state.withLock { state in
            if state.isClosed { return .failure(closed()) }
            if let connection = state.idle.popLast() { return .success(connection) }
            state.waiting.append(waiter)
            return nil
        }
        if let outcome { waiter.continuation.resume(with: outcome) }
    }

    private func loseHope(of number: UInt64) async {
        while !Task.isCancelled {
            try? await Task.sleep(for: patience)
            if !Task.isCancelled { sendAway(number, busy()) }
        }
    }

    private func sendAway(_ number: UInt64, _ error: any Error) {
        let waiter = state.withLock { state in
            state.waiting.firstIndex { $0.number == number }.map { state.waiting.remove(at: $0) }
        }
        waiter?.continuation.resume(throwing: error)
    }

    private func giveBack(_ connection: SessionConnection) {
        let (next, isClosed) = state.withLock { state -> (Waiter?, Bool) in
            if state.isClosed { return (nil, true) }
            if !state.waiting.isEmpty { return (state.waiting.removeFirst(), false) }
            state.idle.append(connection)
            return (nil, false)
        }
        next?.continuation.resume(returning: connection)
        if isClosed { connection.end() }
    }

    private func busy() -> SQLError {
        SQLError(.busy, reason: "\(place): every connection to the database is in use")
    }

    private func closed() -> SQLError {
        SQLError(.unavailable, reason: "\(place): the database is closed")
    }
}
