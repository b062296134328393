public import PasswordHashing

/// What came of checking a password, and where the time went.
public struct TimedVerification: Sendable {
    /// Whether the password was accepted, or why it could not be checked.
    public let outcome: Result<Bool, any Error>
    /// From being handed in until a thread was free.
    public let waited: Duration
    /// What the hash took on that thread.
    public let worked: Duration

    public init(outcome: Result<Bool, any Error>, waited: Duration, worked: Duration) {
        self.outcome = outcome
        self.waited = waited
        self.worked = worked
    }
}

/// A hasher with a line of waiting requests, that can tell waiting from working.
public protocol TimedHasher: PasswordHasher {
    /// As ``PasswordHasher/verify(_:against:)``, with its times.
    ///
    /// - Parameter isUrgent: false for work that nobody waits for: it is done when nobody else waits, however long
    ///   that takes, and is never refused.
    /// - Throws: ``RecoveryError`` `overloaded`, or `CancellationError`; why a value could not be checked is in the outcome.
    func timedVerify(_ password: Password, against stored: String, isUrgent: Bool) async throws -> TimedVerification

    /// A stored string of the scheme, variant and cost of `stored`, made when nobody else waits.
    func make(_ password: Password, like stored: String) async throws -> String
}
