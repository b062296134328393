public import PasswordHashing

/// The policy of one instance, judging new passwords for its accounts: rules, context words and history together.
public struct AcceptPassword: Sendable {
    public let judge: JudgePassword
    private let directory: any Directory
    private let domain: String?

    /// - Parameter domain: the instance's domain, a context word.
    public init(judge: JudgePassword, directory: any Directory, domain: String?) {
        self.judge = judge
        self.directory = directory
        self.domain = domain
    }

    /// Costs one verification for every remembered password.
    ///
    /// - Throws: ``RecoveryError`` `policy`, with every rule of the step that refused.
    public func callAsFunction(_ password: Password, for account: Account) async throws -> AcceptedPassword {
        try await judge(
            password, origin: .given, context: context(for: account), history: try await history(of: account))
    }

    /// A password for somebody who is about to be added; nil generates one.
    public func callAsFunction(
        _ password: Password?, username: String, email: String?, displayName: String
    ) async throws -> AcceptedPassword {
        let context = PolicyContext(username: username, email: email, displayName: displayName, domain: domain)
        guard let password else { return try await judge.generate(context: context) }
        return try await judge(password, origin: .given, context: context)
    }

    public func generate(for account: Account) async throws -> AcceptedPassword {
        try await judge.generate(context: context(for: account))
    }

    /// What an attacker would try first for this account.
    public func context(for account: Account) -> PolicyContext {
        PolicyContext(
            username: account.username, email: account.email, displayName: account.displayName, domain: domain)
    }

    /// The hashes that the history rule compares with: the present one and those that were kept.
    public func history(of account: Account) async throws -> [String] {
        let remembered = judge.policy.history
        guard remembered > 0 else { return [] }
        let present = try await directory.read(account)?[OwnColumn.passwordHash]
        let replaced = try await directory.passwordHistory(of: account, limit: remembered - 1)
        if case .text(let hash) = present { return [hash] + replaced }
        return replaced
    }
}
