/// What entitles somebody to a reset. A proof is a file in this folder; all of them end in ``ResetPassword``.
public struct Proof: Sendable, Hashable {
    /// The word the journal and the audit trail keep.
    public let kind: String
    /// The row that the reset consumes, where the proof is one of a kind that can be spent.
    public let id: String?

    public init(kind: String, id: String? = nil) {
        self.kind = kind
        self.id = id
    }
}
