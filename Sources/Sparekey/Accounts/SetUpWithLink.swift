public import PasswordHashing

/// The first administrator, by the link that the server printed (LST-4): the same as `sparekey setup`, which ends in
/// ``AddAccount`` too. The link is spent in the transaction that writes the account.
public struct SetUpWithLink: Sendable {
    public struct Request: Sendable {
        public let token: String
        public let email: EmailAddress
        public let username: Username
        public let displayName: String
        public let domain: InstanceDomain
        public let password: Password
        public let address: String?

        public init(
            token: String, email: EmailAddress, username: Username, displayName: String, domain: InstanceDomain,
            password: Password, address: String?
        ) {
            self.token = token
            self.email = email
            self.username = username
            self.displayName = displayName
            self.domain = domain
            self.password = password
            self.address = address
        }
    }

    private let register: any SetUpRegister
    private let limits: TryLimits
    private let judge: JudgePassword
    private let addAccount: AddAccount
    private let key: InstanceKey
    private let clock: any WallClock

    public init(
        register: any SetUpRegister, limits: TryLimits, judge: JudgePassword, addAccount: AddAccount, key: InstanceKey,
        clock: any WallClock
    ) {
        self.register = register
        self.limits = limits
        self.judge = judge
        self.addAccount = addAccount
        self.key = key
        self.clock = clock
    }

    /// Whether nobody has an account yet, so that there is nothing to sign in to.
    public func isAwaited() async throws -> Bool { try await register.isEmpty() }

    /// Whether the link still works; spends nothing. A wrong one counts as a guess of its address.
    ///
    /// - Throws: ``RecoveryError`` `invalidToken`, `throttled`.
    public func check(_ text: String, address: String?) async throws {
        _ = try await link(text, address: address)
    }

    /// Costs a hash and one transaction.
    ///
    /// - Throws: ``RecoveryError`` `policy` (the link stays good), `invalidToken`: wrong, used, over, or somebody else was
    ///   quicker; `throttled`.
    public func callAsFunction(_ request: Request) async throws -> Account {
        let link = try await link(request.token, address: request.address)
        let name = DisplayText(request.displayName).text
        let displayName = name.isEmpty ? request.username.text : name
        let password = try await judge(
            request.password, origin: .given,
            context: PolicyContext(
                username: request.username.text, email: request.email.text, displayName: displayName,
                domain: request.domain.text))
        return try await addAccount(
            AddAccount.Request(
                username: request.username, email: request.email, displayName: displayName, role: .admin,
                password: password, form: .setup, forceChange: nil, domain: request.domain.text,
                actor: .visitor(address: request.address), reason: nil, setUpLink: link))
    }

    private func link(_ text: String, address: String?) async throws -> SetUpLink {
        let attempt = ThrottledTry(.guess, address: address, name: nil)
        let charge = try await limits.admit(attempt)
        // Two MACs: how far they agree tells nothing of a token that gives the stored one.
        guard let token = ResetToken(text: text), let link = try await register.setUpLink(),
            token.setUpLookup(key) == link.lookup, link.expiresAt > clock.now,
            try await register.isEmpty()
        else {
            try await limits.record(attempt)
            throw RecoveryError.setUpLinkRefused
        }
        try await limits.giveBack(charge)
        return link
    }
}

extension RecoveryError {
    /// One answer for every link that does not work.
    public static let setUpLinkRefused = RecoveryError(
        .invalidToken, reason: "the set-up link is invalid or expired",
        hint: "start the server again for a new one, or run sparekey setup")
}
