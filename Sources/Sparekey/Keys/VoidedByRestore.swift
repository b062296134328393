/// What a restored database no longer honours.
public struct VoidedByRestore: Sendable, Hashable {
    public let sessions: Int
    /// Tokens and codes.
    public let proofs: Int
    /// Resets that can no longer be undone.
    public let undo: Int

    public init(sessions: Int, proofs: Int, undo: Int) {
        self.sessions = sessions
        self.proofs = proofs
        self.undo = undo
    }
}
