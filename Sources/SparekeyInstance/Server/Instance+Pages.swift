import Sparekey
import SparekeyServer
import SparekeyStore

extension Instance {
    /// What only the pages call, made of what the API calls.
    func pageFlows(_ signIn: SignIn, _ changePassword: ChangePassword) -> PageFlows {
        PageFlows(
            signIn: SignInWithBrowser(
                signIn: signIn, endSession: EndSession(sessions: store, clock: clock), key: store.key, random: random),
            changePassword: ChangePasswordWithBrowser(change: changePassword, random: random),
            events: RecentSecurityEvents(trail: store, journal: store),
            audit: AuditFlows(
                search: SearchAuditTrail(index: store, register: store), export: exportAuditTrail,
                check: store.checkAuditRows, verify: verifyAuditTrail, tally: store),
            policy: settings.passwordPolicy, formTokens: FormTokens(store.key),
            formsOfOneUse: FormsOfOneUse(
                directory: store, tokens: store, register: store, key: store.key, clock: clock),
            random: random,
            steps: BrowserSteps(key: store.key, clock: clock), setUp: setUpWithLink,
            customs: CodeCustoms(
                lifetime: settings.codeLifetime, isOnConsole: settings.codeDelivery == .console,
                needsApproval: settings.approval == .one))
    }
}
