/// Tells whether a code is right, and spends nothing (NEX-1). A wrong one counts as a try; a right one does not.
///
/// Does the same work for every name: one look-up and one transaction with the same statements.
public struct VerifyResetCode: Sendable {
    private let codes: any ResetCodeRegister
    let limits: TryLimits
    private let holder: CodeHolder
    private let key: InstanceKey
    private let budgets: CodeBudgets?
    private let clock: any WallClock

    public init(
        codes: any ResetCodeRegister, limits: TryLimits, directories: any RecoverableDirectories, key: InstanceKey,
        budgets: CodeBudgets?,
        clock: any WallClock
    ) {
        self.codes = codes
        self.limits = limits
        holder = CodeHolder(directories: directories, key: key)
        self.key = key
        self.budgets = budgets
        self.clock = clock
    }

    /// - Parameters:
    ///   - name: as typed, the same as at the request or another name of the same account.
    ///   - code: as typed. Anything but six digits is the ordinary refusal and no try.
    ///   - app: the app's name; nil for the own directory.
    /// - Throws: ``RecoveryError`` `invalidCode`: wrong, used, expired, over the limits, or nobody's; `throttled`;
    ///   `unknownApp`; `appUnavailable`, which is no try.
    public func callAsFunction(name: String, code: String, app: String? = nil, address: String?) async throws {
        _ = try await holder(of: code, name: name, app: app, address: address)
    }

    /// The account that a right code belongs to, and the request it was issued for.
    func holder(
        of typed: String, name: String, app: String?, address: String?
    ) async throws -> (account: Account, request: String) {
        if let app { _ = try holder.directories.named(app) }
        guard let code = ResetCode(typed: typed) else { throw Self.refusal }
        let name = AccountName(String(AccountName(name).text.unicodeScalars.prefix(320)))
        let charge = try await limits.admit(ThrottledTry(.guess, address: address, name: name, app: app))
        let found = try await whom(name, app, charge)
        let (account, now) = (found.account, clock.now)
        let outcome = try await codes.guess(
            CodeGuess(
                subject: found.subject, budgets: budgets, at: now,
                audit: AuditEvent(
                    .codeRefused, actor: .visitor(address: address), at: now, account: account, app: app,
                    proof: Proof.codeKind, outcome: .refused, nameHash: ThrottleKeys(key).nameHash(name)),
                budgetSpent: AuditEvent(
                    .codeBudgetSpent, actor: .visitor(address: address), at: now, account: account, app: app,
                    proof: Proof.codeKind, reason: "so many codes were tried that more need an approval",
                    outcome: .throttled, nameHash: ThrottleKeys(key).nameHash(name)),
                code: code, key: key))
        guard let account, let request = outcome.request else { throw Self.refusal }
        try await limits.giveBack(charge)
        return (account, request)
    }

    /// Where the app cannot be asked, nothing was tried.
    private func whom(_ name: AccountName, _ app: String?, _ charge: ThrottleCharge) async throws -> CodeHolder.Holder {
        do {
            return try await holder(name, app: app)
        } catch let error as RecoveryError where error.code == .appUnavailable {
            try await limits.giveBack(charge)
            throw error
        }
    }

    static let refusal = RecoveryError(
        .invalidCode, reason: "the reset code is invalid or expired",
        hint: "nothing was changed; codes work for minutes and once: ask for a new one")
}
