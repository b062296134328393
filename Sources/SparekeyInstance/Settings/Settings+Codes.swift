/// Where a reset code is shown (`codes.delivery`).
public enum CodeDeliveryPlace: String, Sendable, CaseIterable {
    /// On the console, and by `requests show`.
    case console
    /// In the administrators' inbox and by `requests show` only.
    case inbox
}

/// Who has to approve a request before a code exists (`approval`).
public enum ApprovalRule: String, Sendable, CaseIterable {
    case off
    /// One administrator or operator.
    case one
}

extension Settings {
    /// At most an hour.
    public var codeLifetime: Duration { duration("codes.lifetime") }
    public var codeDelivery: CodeDeliveryPlace { text("codes.delivery").flatMap(CodeDeliveryPlace.init) ?? .console }
    public var approval: ApprovalRule { text("approval").flatMap(ApprovalRule.init) ?? .off }
    public var tokenKeepAddress: Bool { boolean("tokens.keep_address") }
}
