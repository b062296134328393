/// Adds an account: the first administrator (`setup`) or any other (`users add`).
///
/// Its password goes the way of every other: accepted by the policy, hashed and proved by ``MakeCredentials``, written
/// with its audit row in one transaction.
public struct AddAccount: Sendable {
    public struct Request: Sendable {
        public let username: Username
        public let email: EmailAddress?
        public let displayName: String
        public let role: AccountRole
        public let password: AcceptedPassword
        /// `.setup` or `.usersAdd`.
        public let form: ResetForm
        public let forceChange: Bool?
        /// The instance's domain; `setup` only.
        public let domain: String?
        public let actor: Actor
        public let reason: String?
        /// The link that a set-up in a browser spends; nil for everything else.
        public let setUpLink: SetUpLink?

        public init(
            username: Username, email: EmailAddress?, displayName: String, role: AccountRole,
            password: AcceptedPassword, form: ResetForm, forceChange: Bool?, domain: String?, actor: Actor,
            reason: String?, setUpLink: SetUpLink? = nil
        ) {
            self.username = username
            self.email = email
            self.displayName = displayName
            self.role = role
            self.password = password
            self.form = form
            self.forceChange = forceChange
            self.domain = domain
            self.actor = actor
            self.reason = reason
            self.setUpLink = setUpLink
        }
    }

    private let register: any AccountRegister
    private let credentials: MakeCredentials
    private let temporary: TemporaryPasswords
    private let clock: any WallClock
    private let random: any RandomSource

    public init(
        register: any AccountRegister, credentials: MakeCredentials, temporary: TemporaryPasswords,
        clock: any WallClock, random: any RandomSource
    ) {
        self.register = register
        self.credentials = credentials
        self.temporary = temporary
        self.clock = clock
        self.random = random
    }

    /// - Throws: ``RecoveryError`` `taken`, or `notAllowed` where `setup` finds an enabled administrator, or
    ///   `invalidToken` where the set-up link no longer works.
    public func callAsFunction(_ request: Request) async throws -> Account {
        let now = clock.now
        let isTemporary = temporary.isTemporary(
            form: request.form, origin: request.password.origin, forced: request.forceChange)
        let expiry = temporary.expiry(temporary: isTemporary, now: now)
        let account = Account(
            id: random.uuid(), username: request.username.text, email: request.email?.text,
            displayName: request.displayName, role: request.role, isActive: true, requirePasswordChange: isTemporary,
            passwordExpiresAt: expiry, createdAt: now)
        let columns = try await credentials(
            request.password.password, account: account, requireChange: isTemporary, expiresAt: expiry)
        try await register.add(
            NewAccount(account: account, credentials: columns, domain: request.domain, setUpLink: request.setUpLink),
            onlyWithoutAdministrator: request.form == .setup,
            audit: AuditEvent(
                request.form == .setup ? .setUp : .accountAdded, actor: request.actor, at: now, account: account,
                proof: Self.proof(of: request), reason: request.reason))
        return account
    }

    private static func proof(of request: Request) -> String {
        if request.setUpLink != nil { return Proof.setUpLinkKind }
        return request.actor.kind == .administrator ? Proof.administratorSession.kind : Proof.operatorShell.kind
    }
}
