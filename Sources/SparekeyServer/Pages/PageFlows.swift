public import Sparekey

/// What the pages call beside what the API calls too.
public struct PageFlows: Sendable {
    public let signIn: SignInWithBrowser
    public let changePassword: ChangePasswordWithBrowser
    public let events: RecentSecurityEvents
    public let audit: AuditFlows
    public let policy: PasswordPolicy
    public let formTokens: FormTokens
    public let formsOfOneUse: FormsOfOneUse
    public let random: any RandomSource
    public let steps: BrowserSteps
    public let setUp: SetUpWithLink
    public let customs: CodeCustoms

    public init(
        signIn: SignInWithBrowser, changePassword: ChangePasswordWithBrowser, events: RecentSecurityEvents,
        audit: AuditFlows, policy: PasswordPolicy, formTokens: FormTokens, formsOfOneUse: FormsOfOneUse,
        random: any RandomSource, steps: BrowserSteps, setUp: SetUpWithLink, customs: CodeCustoms
    ) {
        self.signIn = signIn
        self.changePassword = changePassword
        self.events = events
        self.audit = audit
        self.policy = policy
        self.formTokens = formTokens
        self.formsOfOneUse = formsOfOneUse
        self.random = random
        self.steps = steps
        self.setUp = setUp
        self.customs = customs
    }
}

/// How codes reach people here, for the pages that explain it. The same for every name.
public struct CodeCustoms: Sendable, Hashable {
    public let lifetime: Duration
    /// Whether the server's console shows codes; else administrators see them in their inbox.
    public let isOnConsole: Bool
    public let needsApproval: Bool

    public init(lifetime: Duration, isOnConsole: Bool, needsApproval: Bool) {
        self.lifetime = lifetime
        self.isOnConsole = isOnConsole
        self.needsApproval = needsApproval
    }
}
