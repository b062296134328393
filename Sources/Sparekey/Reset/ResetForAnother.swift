public import PasswordHashing

/// An administrator resets somebody else's password (PMX-1), or makes a link that lets them do it themselves.
public struct ResetForAnother: Sendable {
    private let reset: ResetPassword
    private let issue: IssueResetToken
    private let accept: AcceptPassword
    private let chargeTry: ChargeTry
    /// The setting `allow_admin_passwords`.
    public let allowsPasswords: Bool

    /// - Parameter allowsPasswords: false leaves links only (ASVS 6.4.6).
    public init(
        reset: ResetPassword, issue: IssueResetToken, accept: AcceptPassword, chargeTry: ChargeTry,
        allowsPasswords: Bool
    ) {
        self.reset = reset
        self.issue = issue
        self.accept = accept
        self.chargeTry = chargeTry
        self.allowsPasswords = allowsPasswords
    }

    /// Sets the password that the administrator chose.
    ///
    /// - Throws: ``RecoveryError`` `policy`, `ownAccount`, `notAllowed`, or what a reset throws.
    public func set(
        _ password: Password, of account: Account, by administrator: ActingAdministrator, reason: String?
    ) async throws -> ResetReport {
        try await requireAllowed(account, administrator)
        return try await run(try await accept(password, for: account), account, administrator, reason)
    }

    /// Sets a generated password, which the answer shows once.
    public func generate(
        for account: Account, by administrator: ActingAdministrator, reason: String?
    ) async throws -> (report: ResetReport, password: AcceptedPassword) {
        try await requireAllowed(account, administrator)
        let password = try await accept.generate(for: account)
        return (try await run(password, account, administrator, reason), password)
    }

    /// Issues a one-time token. Nothing about the account changes, and no administrator learns a password.
    public func link(
        for account: Account, by administrator: ActingAdministrator, reason: String?
    ) async throws -> (token: ResetToken, expiresAt: Timestamp) {
        try administrator.requireOther(account)
        try await charge(administrator)
        return try await issue(
            for: account, actor: administrator.actor, reason: reason, proof: .administratorSession)
    }

    /// How a password would fare before it is set.
    public func strength(of password: Password, for account: Account) -> PasswordStrength {
        accept.judge.policy.strength(of: password, context: accept.context(for: account))
    }

    private func requireAllowed(_ account: Account, _ administrator: ActingAdministrator) async throws {
        try administrator.requireOther(account)
        guard allowsPasswords else {
            throw RecoveryError(
                .notAllowed, reason: "this instance lets administrators make links only (allow_admin_passwords)",
                hint: "make a one-time link instead")
        }
        try await charge(administrator)
    }

    /// Generously: for a session that fell into wrong hands, not for a person.
    private func charge(_ administrator: ActingAdministrator) async throws {
        if let error = try await chargeTry.administrator(administrator.account, address: administrator.actor.address)
            .error
        {
            throw error
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
