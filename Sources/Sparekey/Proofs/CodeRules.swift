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

/// How many guesses are compared, over all codes, before codes need an approval (SEC-1). They are counted in the
/// transaction of the five tries, because what is compared must be counted there or nowhere.
public struct CodeBudgets: Sendable, Hashable {
    /// Comparisons a day (UTC) for an account.
    public let accountDay: Int
    /// Comparisons for an account since a reset of it last succeeded.
    public let accountSinceSuccess: Int
    /// Wrong guesses a day (UTC) for the instance.
    public let instanceDay: Int

    public init(accountDay: Int, accountSinceSuccess: Int, instanceDay: Int) {
        self.accountDay = accountDay
        self.accountSinceSuccess = accountSinceSuccess
        self.instanceDay = instanceDay
    }

    public static let standard = CodeBudgets(accountDay: 20, accountSinceSuccess: 100, instanceDay: 500)
}

/// How much of its budgets an account has used.
public struct CodeComparisons: Sendable, Hashable {
    public let today: Int64
    public let sinceSuccess: Int64

    public init(today: Int64, sinceSuccess: Int64) {
        self.today = today
        self.sinceSuccess = sinceSuccess
    }
}
