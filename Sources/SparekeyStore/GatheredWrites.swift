import SparekeySQL
import Synchronization

/// Writes of one kind that come while another of them is being committed share the next transaction: one commit on the disk
/// answers all of them. Nobody waits for company; a write that comes alone is a transaction alone.
final class GatheredWrites<Answer: Sendable>: Sendable {
    /// A write's part of a transaction. It throws ``CounterFull`` where it alone is refused; whatever else it throws ends the
    /// whole transaction, for all that share it.
    typealias Write = @Sendable (any SQLConnection) throws -> Answer

    private struct Waiting: Sendable {
        let write: Write
        let continuation: CheckedContinuation<Answer, any Error>
    }

    private struct State {
        var isWriting = false
        var waiting: [Waiting] = []

        /// Whether the caller is to write now, as nobody does.
        mutating func begin() -> Bool {
            defer { isWriting = true }
            return !isWriting
        }

        /// Whether whoever writes is to go on; otherwise nobody writes any more.
        mutating func goOn() -> Bool {
            isWriting = !waiting.isEmpty
            return isWriting
        }
    }

    /// So that nobody waits for long behind others' writes.
    private static var most: Int { 50 }

    private let database: any SQLDatabase
    private let state = Mutex(State())

    init(_ database: any SQLDatabase) {
        self.database = database
    }

    func callAsFunction(_ write: @escaping Write) async throws -> Answer {
        if state.withLock({ $0.begin() }) {
            defer { if state.withLock({ $0.goOn() }) { Task { await writeWaiting() } } }
            return try await database.transaction(.write, write)
        }
        return try await withCheckedThrowingContinuation { continuation in
            let isFirst = state.withLock { state in
                state.waiting.append(Waiting(write: write, continuation: continuation))
                return state.begin()
            }
            if isFirst { Task { await writeWaiting() } }
        }
    }

    private func writeWaiting() async {
        repeat {
            let group = state.withLock { state in
                let group = Array(state.waiting.prefix(Self.most))
                state.waiting.removeFirst(group.count)
                return group
            }
            await write(group)
        } while state.withLock({ $0.goOn() })
    }

    private func write(_ group: [Waiting]) async {
        do {
            let writes = group.map(\.write)
            let answers = try await database.transaction(.write) { connection in
                try writes.map { try $0(connection) }
            }
            for (each, answer) in zip(group, answers) { each.continuation.resume(returning: answer) }
        } catch is CounterFull where group.count > 1 {
            // One was refused, and took the others' rows back with its own.
            for each in group { await write([each]) }
        } catch {
            for each in group { each.continuation.resume(throwing: error) }
        }
    }
}
