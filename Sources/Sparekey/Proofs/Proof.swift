/// What entitles somebody to a reset. A proof is a file in this folder; all of them end in ``ResetPassword``.
public struct Proof: Sendable, Hashable {
    /// The word the journal and the audit trail keep.
    public let kind: String
    /// The row that the reset consumes, where the proof is one of a kind that can be spent (SEC-2).
    public let id: String?
    /// Where it was spent from, if that is to be kept with its row.
    public let spentFrom: String?

    public init(kind: String, id: String? = nil, spentFrom: String? = nil) {
        self.kind = kind
        self.id = id
        self.spentFrom = spentFrom
    }

    /// A row that claims to be issued further in the future than this counts as expired: some clock was wrong.
    public static let clockTolerance: Duration = .seconds(60)
}

extension RecoveryError.Code {
    /// The proof was spent, voided or over when the reset was to be written. Nothing was.
    public static let proofSpent = RecoveryError.Code("proofSpent")
    /// A reset token that is wrong, used, expired, foreign or malformed, or whose account may not use it: one answer.
    public static let invalidToken = RecoveryError.Code("invalidToken")
    /// A reset code that is wrong, used, expired, foreign or malformed, or over its limits: one answer.
    // It is the reset code that is meant, not the type.
    // swift-format-ignore: DontRepeatTypeInStaticProperties
    public static let invalidCode = RecoveryError.Code("invalidCode")
}
