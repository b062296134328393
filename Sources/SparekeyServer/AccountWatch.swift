import Synchronization

/// Wakes whoever follows an account: a stream that ends with its session.
final class AccountWatch: Sendable {
    private let bells = Mutex<[String: [ObjectIdentifier: Arrivals]]>([:])

    /// Does `body` with a bell that is rung whenever the account changes.
    func following<Value>(_ accountID: String, _ body: (Arrivals) async throws -> Value) async rethrows -> Value {
        let bell = Arrivals()
        bells.withLock { $0[accountID, default: [:]][ObjectIdentifier(bell)] = bell }
        defer {
            bells.withLock { bells in
                bells[accountID]?[ObjectIdentifier(bell)] = nil
                if bells[accountID]?.isEmpty == true { bells[accountID] = nil }
            }
        }
        return try await body(bell)
    }

    func changed(_ accountID: String) {
        for bell in bells.withLock({ Array(($0[accountID] ?? [:]).values) }) { bell.ring() }
    }

    func everythingChanged() {
        for bell in bells.withLock({ $0.values.flatMap(\.values) }) { bell.ring() }
    }
}
