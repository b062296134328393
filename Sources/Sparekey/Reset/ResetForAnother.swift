public import PasswordHashing

/// An administrator resets somebody else's password (PMX-1), or makes a link that lets them do it themselves.
public struct ResetForAnother: Sendable {
    private let reset: ResetPassword
    private let issue: IssueResetToken
    private let accept: AcceptPassword
    /// The setting `allow_admin_passwords`.
    public let allowsPasswords: Bool

    /// - Parameter allowsPasswords: false leaves links only (ASVS 6.4.6).
    public init(
        reset: ResetPassword, issue: IssueResetToken, accept: AcceptPassword, allowsPasswords: Bool
    ) {
        self.reset = reset
        self.issue = issue
        self.accept = accept
        self.allowsPasswords = allowsPasswords
    }

    /// Sets the password that the administrator chose.
    ///
    /// - Throws: ``RecoveryError`` `policy`, `ownAccount`, `notAllowed`, or what a reset throws.
    public func set(
        _ password: Password, of account: Account, by administrator: ActingAdministrator, reason: String?
    ) async throws -> ResetReport {
        try requireAllowed(account, administrator)
        return try await run(try await accept(password, for: account), account, administrator, reason)
    }

    /// Sets a generated password, which the answer shows once.
    public func generate(
        for account: Account, by administrator: ActingAdministrator, reason: String?
    ) async throws -> (report: ResetReport, password: AcceptedPassword) {
        try requireAllowed(account, administrator)
        let password = try await accept.generate(for: account)
        return (try await run(password, account, administrator, reason), password)
    }

    /// Issues a one-time token. Nothing about the account changes, and no administrator learns a password.
    public func link(
        for account: Account, by administrator: ActingAdministrator, reason: String?
    ) async throws -> (token: ResetToken, expiresAt: Timestamp) {
        try administrator.requireOther(account)
        return try await issue(
            for: account, actor: administrator.actor, reason: reason, proof: .administratorSession)
    }

    /// How a password would fare before it is set.
    public func strength(of password: Password, for account: Account) -> PasswordStrength {
        accept.judge.policy.strength(of: password, context: accept.context(for: account))
    }

    private func requireAllowed(_ account: Account, _ administrator: ActingAdministrator) throws {
        try administrator.requireOther(account)
        guard allowsPasswords else {
            throw RecoveryError(
                .notAllowed, reason: "this instance lets administrators make links only (allow_admin_passwords)",
                hint: "make a one-time link instead")
        }
    }

    private func run(
        _ password: AcceptedPassword, _ account: Account, _ administrator: ActingAdministrator, _ reason: String?
    ) async throws -> ResetReport {
        try await reset(
            ResetRequest(
                account: account, password: password, form: .administrator, proof: .administratorSession,
                actor: administrator.actor, reason: reason, forceChange: nil, keepsUndo: true))
    }
}
