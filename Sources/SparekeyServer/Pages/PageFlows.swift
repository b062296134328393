public import Sparekey

/// What the pages call beside what the API calls too.
public struct PageFlows: Sendable {
    public let signIn: SignInWithBrowser
    public let changePassword: ChangePasswordWithBrowser
    public let events: RecentSecurityEvents
    public let policy: PasswordPolicy
    public let formTokens: FormTokens
    public let formsOfOneUse: FormsOfOneUse
    public let random: any RandomSource

    public init(
        signIn: SignInWithBrowser, changePassword: ChangePasswordWithBrowser, events: RecentSecurityEvents,
        policy: PasswordPolicy, formTokens: FormTokens, formsOfOneUse: FormsOfOneUse,
        random: any RandomSource
    ) {
        self.signIn = signIn
        self.changePassword = changePassword
        self.events = events
        self.policy = policy
        self.formTokens = formTokens
        self.formsOfOneUse = formsOfOneUse
        self.random = random
    }
}
