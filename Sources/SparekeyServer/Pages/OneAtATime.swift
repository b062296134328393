import Synchronization

/// Lets one caller in, and sends the others away instead of letting them wait.
final class OneAtATime: Sendable {
    private let isTaken = Mutex(false)

    /// - Throws: ``Problem`` 503 while somebody is in.
    func callAsFunction<Value>(_ work: () async throws -> Value) async throws -> Value {
        let isMine = isTaken.withLock { taken in
            defer { taken = true }
            return !taken
        }
        guard isMine else {
            throw Problem(.unavailable, Texts.Audit.isBeingChecked, retryAfter: .seconds(3))
        }
        defer { isTaken.withLock { $0 = false } }
        return try await work()
    }
}
