import Sparekey

/// `/admin/users/ID/delete`: says what will be lost, and asks.
struct DeleteUserPage: Page {
    static let template = "delete-user"
    let title: String
    let person: PagePerson?
    let introduction: String
    let lostTitle = Texts.User.lostTitle
    let lost: [String]
    let kept = Texts.User.kept
    let action: String
    let submit: SubmitButton
    let cancel: PageLink

    init(_ caller: SignedIn, _ account: Account, _ standing: AccountStanding) {
        title = Texts.User.deleteTitle(account.username)
        person = PagePerson(caller)
        introduction = Texts.User.deleteIntroduction(account.displayName, account.email)
        lost = Texts.User.lost(sessions: standing.sessions, isAdministrator: account.role == .admin)
        action = SiteURL.user(account.id, .delete).path
        submit = SubmitButton(Texts.User.deleteForGood, .danger)
        cancel = PageLink(Texts.User.keep, .user(account.id, .edit))
    }
}
