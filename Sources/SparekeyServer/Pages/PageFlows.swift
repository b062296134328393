public import Sparekey

/// What the pages call beside what the API calls too.
public struct PageFlows: Sendable {
    public let signIn: SignInWithBrowser
    public let changePassword: ChangePasswordWithBrowser
    public let events: RecentSecurityEvents
    public let audit: AuditFlows
    public let policy: PasswordPolicy
    public let formTokens: FormTokens
    public let random: any RandomSource

    public init(
        signIn: SignInWithBrowser, changePassword: ChangePasswordWithBrowser, events: RecentSecurityEvents,
        audit: AuditFlows,
        policy: PasswordPolicy, formTokens: FormTokens, random: any RandomSource
    ) {
        self.signIn = signIn
        self.changePassword = changePassword
        self.events = events
        self.audit = audit
        self.policy = policy
        self.formTokens = formTokens
        self.random = random
    }
}
