/// The settings and the fixed numbers that shape reset codes.
public struct CodeRules: Sendable {
    /// How long a code works (`codes.lifetime`).
    public let lifetime: Duration
    /// Whether every code needs an approval before it exists (`approval: one`).
    public let needsApproval: Bool
    public let budgets: CodeBudgets

    public init(lifetime: Duration, needsApproval: Bool, budgets: CodeBudgets = .standard) {
        self.lifetime = lifetime
        self.needsApproval = needsApproval
        self.budgets = budgets
    }

    /// How many codes of an account live at once (NEX-3).
    public static let liveCodes = 3
    /// How many wrong tries those share (SEC-1).
    public static let tries: Int64 = 5
}

/// How many guesses are compared at all before codes need an approval (SEC-1).
public struct CodeBudgets: Sendable, Hashable {
    /// Comparisons a day (UTC) for an account over all its codes.
    public let accountDay: Int64
    /// Comparisons for an account since a reset of it last succeeded.
    public let accountSinceSuccess: Int64
    /// Wrong guesses a day (UTC) for the whole instance.
    public let instanceDay: Int64

    public init(accountDay: Int64, accountSinceSuccess: Int64, instanceDay: Int64) {
        self.accountDay = accountDay
        self.accountSinceSuccess = accountSinceSuccess
        self.instanceDay = instanceDay
    }

    public static let standard = CodeBudgets(accountDay: 20, accountSinceSuccess: 100, instanceDay: 500)
    /// With `limits: off`. The five tries of a code still hold.
    public static let unlimited = CodeBudgets(accountDay: .max, accountSinceSuccess: .max, instanceDay: .max)
}
