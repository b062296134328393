/// How many comparisons of codes there may be, over all codes, before codes need an approval (SEC-1). The five tries of
/// one code are counted with the code.
public struct CodeBudgets: Sendable, Hashable {
    /// Comparisons a day for an account.
    public let accountDay: Int
    /// Comparisons for an account since a code of its own was right or its password was reset.
    public let accountSinceSuccess: Int
    /// Wrong ones a day for the instance.
    public let instanceDay: Int

    public init(accountDay: Int, accountSinceSuccess: Int, instanceDay: Int) {
        self.accountDay = accountDay
        self.accountSinceSuccess = accountSinceSuccess
        self.instanceDay = instanceDay
    }

    public static let standard = CodeBudgets(accountDay: 20, accountSinceSuccess: 100, instanceDay: 500)

    static let day = Duration.seconds(86_400)
}

public enum ComparisonVerdict: Sendable {
    /// Compare. When the code is right, give the charge back.
    case allowed(ThrottleCharge)
    /// Do not compare: refuse as if the code were wrong. From here on this account's codes (of
    /// ``ThrottleCounter/Scope/instanceDay``: everybody's) need an approval. The audit trail has it; tell the operator.
    case needsApproval(ThrottleCounter.Scope)
}

/// Charges the budgets before a code is compared. A code that somebody approved is compared without.
public struct ChargeComparison: Sendable {
    private let register: any ThrottleRegister
    private let recorder: RecordWrongTries
    private let keys: ThrottleKeys
    private let budgets: CodeBudgets?
    private let clock: any WallClock

    /// - Parameter budgets: nil with `limits: off`.
    public init(register: any ThrottleRegister, key: InstanceKey, budgets: CodeBudgets?, clock: any WallClock) {
        self.register = register
        self.budgets = budgets
        self.clock = clock
        keys = ThrottleKeys(key)
        recorder = RecordWrongTries(register: register, key: key, clock: clock)
    }

    /// Costs one small write transaction.
    ///
    /// - Parameter address: the peer's, for the audit trail.
    public func callAsFunction(for account: ThrottledAccount, address: String?) async throws -> ComparisonVerdict {
        let now = clock.now
        guard let budgets else {
            return .allowed(ThrottleCharge(verdict: .allowed, full: nil, counted: [], at: now))
        }
        let counters = keys.budgets(budgets, of: account)
        let charge = try await register.charge(
            ThrottleDemand(first: nil, visible: counters, silent: nil, at: now))
        guard let full = charge.full else { return .allowed(charge) }
        try await recorder.spent(full, of: account, address: address)
        return .needsApproval(full.scope)
    }

    /// After a right code.
    public func giveBack(_ charge: ThrottleCharge) async throws {
        guard !charge.counted.isEmpty else { return }
        try await register.giveBack(charge)
    }

    /// The budget that is spent, so that a code issued now needs an approval; nil while there is room. Reads only.
    public func spent(by account: ThrottledAccount) async throws -> ThrottleCounter.Scope? {
        guard let budgets else { return nil }
        return try await register.standings(of: keys.budgets(budgets, of: account), now: clock.now)
            .first(where: \.isFull)?.counter.scope
    }
}

extension ThrottleKeys {
    /// Nobody's "since success" ends with the day: a flood of invented names must leave no rows for good.
    func budgets(_ budgets: CodeBudgets, of account: ThrottledAccount) -> [ThrottleCounter] {
        let day = CodeBudgets.day
        return [
            ThrottleCounter(
                .accountDay, key: self.account(account, .accountDay), limit: budgets.accountDay, window: day),
            ThrottleCounter(
                .accountSinceSuccess, key: self.account(account, .accountSinceSuccess),
                limit: budgets.accountSinceSuccess, window: account.account == nil ? day : nil),
            ThrottleCounter(.instanceDay, key: instance(.instanceDay), limit: budgets.instanceDay, window: day),
        ]
    }
}
