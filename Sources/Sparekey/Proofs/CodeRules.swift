/// The settings and the fixed numbers that shape reset codes.
public struct CodeRules: Sendable {
    /// How long a code works (`codes.lifetime`).
    public let lifetime: Duration
    /// Whether every code needs an approval before it exists (`approval: one`).
    public let needsApproval: Bool
    /// nil with `limits: off`; the five tries of a code still hold.
    public let budgets: CodeBudgets?

    public init(lifetime: Duration, needsApproval: Bool, budgets: CodeBudgets?) {
        self.lifetime = lifetime
        self.needsApproval = needsApproval
        self.budgets = budgets
    }

    /// How many codes of an account live at once (NEX-3).
    public static let liveCodes = 3
    /// How many wrong tries those share (SEC-1).
    public static let tries: Int64 = 5
}
