import Sparekey

/// The head of a page for somebody who is signed in: who they are, where they can go, and the way out.
struct PagePerson: Sendable {
    let name: String
    let links: [PageLink]
    let navigationLabel = Texts.Head.navigation
    let signOutURL = SiteURL.signOut.path
    let signOutText = Texts.Head.signOut

    /// While the password must be changed first, nothing but the way out is offered.
    init(_ caller: SignedIn) {
        let account = caller.account
        name = account.displayName.isEmpty ? account.username : account.displayName
        links = account.requirePasswordChange ? [] : Self.links(for: account)
    }

    /// What the navigation offers; administrators' pages join here.
    private static func links(for account: Account) -> [PageLink] {
        let own = [PageLink(Texts.Head.account, .account)]
        guard account.role == .admin else { return own }
        return [
            PageLink(Texts.Users.title, .users), PageLink(Texts.Head.requests, .requests),
            PageLink(Texts.Head.apps, .apps), PageLink(Texts.Head.audit, .audit),
        ] + own
    }
}
