public import PasswordHashing

/// Every rule of the policy for one account, those that know it included: context words and history.
///
/// For the second step of a self-service reset, after a right code or token: its answer tells whose password it is.
public struct JudgeForAccount: Sendable {
    public let judge: JudgePassword
    private let directory: any Directory
    private let domain: String?

    /// - Parameter domain: the host name of the instance's public address, a context word.
    public init(judge: JudgePassword, directory: any Directory, domain: String?) {
        self.judge = judge
        self.directory = directory
        self.domain = domain
    }

    /// Costs one verification for each hash that the history rule remembers.
    ///
    /// - Throws: ``RecoveryError`` `policy`.
    public func callAsFunction(_ raw: Password, for account: Account) async throws -> AcceptedPassword {
        let context = PolicyContext(
            username: account.username, email: account.email, displayName: account.displayName, domain: domain)
        return try await judge(raw, origin: .given, context: context, history: try await history(of: account))
    }

    private func history(of account: Account) async throws -> [String] {
        let remembered = judge.policy.history
        guard remembered > 0 else { return [] }
        let replaced = try await directory.passwordHistory(of: account, limit: remembered - 1)
        if case .text(let hash) = try await directory.read(account)?[OwnColumn.passwordHash] {
            return [hash] + replaced
        }
        return replaced
    }
}
