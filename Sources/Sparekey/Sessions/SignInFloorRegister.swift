/// A page of stored password hashes.
public struct HashPage: Sendable {
    public let hashes: [String]
    /// The folded username to name as `after` for the next page; nil at the end.
    public let next: String?

    public init(hashes: [String], next: String?) {
        self.hashes = hashes
        self.next = next
    }
}

/// A floor that was measured, kept over restarts.
public struct KeptSignInFloor: Sendable, Hashable {
    /// The scheme and cost it was measured with, as stored values spell them before their salt.
    public let costPrefix: String
    /// The 99th percentile of a single verification.
    public let p99: Duration

    public init(costPrefix: String, p99: Duration) {
        self.costPrefix = costPrefix
        self.p99 = p99
    }
}

/// What the sign-in floor asks of the store.
public protocol SignInFloorRegister: Sendable {
    /// The hashes of at most `limit` accounts, in the order of their folded usernames, from behind `after`.
    func passwordHashes(after: String?, limit: Int) async throws -> HashPage

    func keptSignInFloor() async throws -> KeptSignInFloor?

    func keep(_ floor: KeptSignInFloor) async throws
}
