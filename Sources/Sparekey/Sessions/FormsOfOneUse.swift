/// Marks a form that must not do its work twice: an answer that shows a secret once is loaded again by sending its form
/// again.
///
/// The mark is a MAC over the session and what the act changes, the stored password and the newest reset token. Once a
/// password is set or a link made, whoever did it, every mark of before is void, on every server, and nothing is kept.
public struct FormsOfOneUse: Sendable {
    private let directory: any Directory
    private let tokens: any ResetTokenRegister
    private let formTokens: FormTokens

    public init(directory: any Directory, tokens: any ResetTokenRegister, key: InstanceKey) {
        self.directory = directory
        self.tokens = tokens
        formTokens = FormTokens(key)
    }

    /// What a form about the account carries.
    public func mark(for account: Account, in session: SessionRecord) async throws -> String {
        formTokens.token(for: try await bearer(account, session))
    }

    /// Whether nothing that the form does has been done since it was shown.
    public func isFresh(_ mark: String, for account: Account, in session: SessionRecord) async throws -> Bool {
        formTokens.isValid(mark, for: try await bearer(account, session))
    }

    private func bearer(_ account: Account, _ session: SessionRecord) async throws -> FormTokens.Bearer {
        var password = ""
        if case .text(let hash) = try await directory.read(account)?[OwnColumn.passwordHash] { password = hash }
        let token = try await tokens.newestToken(of: account) ?? ""
        return .act(session: session.id, account: account.id, state: "\(token)\u{0}\(password)")
    }
}
