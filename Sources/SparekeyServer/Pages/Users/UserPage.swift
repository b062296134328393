import Hummingbird
import Sparekey

/// `/admin/users/ID`: an account's names and role, and what an administrator can do about its sign-in.
struct UserPage: Page {
    struct Act: Sendable {
        let actTitle: String
        let help: String
        let url: String
        let press: SubmitButton
    }

    static let template = "user"
    static let isWide = true
    let title: String
    let person: PagePerson?
    let banner: Banner?
    let back = PageLink(Texts.Users.back, .users)
    let action: String
    let username: Field
    let email: Field
    let displayName: Field
    /// nil for the caller's own account, whose role another administrator changes.
    let role: AdministratorBox?
    let submit = SubmitButton(Texts.User.save)
    let detailsTitle = Texts.User.details
    let signInTitle = Texts.User.signIn
    let stateLabel = Texts.Users.Column.state
    let state: AccountState
    let lastSignInLabel = Texts.Users.Column.lastSignIn
    let lastSignIn: String
    let sessionsLabel = Texts.User.sessions
    let sessions: String
    let limitsLabel: String?
    let limits: [String]
    let reset: PageLink?
    let acts: [Act]
    let delete: PageLink?
    let deleteTitle: String?
    let deleteHelp = Texts.User.deleteHelp
    let ownText: String?
    let ownPassword: PageLink?

    init(
        _ caller: SignedIn, _ account: Account, _ standing: AccountStanding, form: UserForm? = nil,
        banner: Banner?, now: Timestamp
    ) {
        let isOwn = account.id == caller.account.id
        title = account.username
        person = PagePerson(caller)
        self.banner = banner
        action = SiteURL.user(account.id, .edit).path
        username = UserFields.username(form?.username ?? account.username, isFirst: false)
        email = UserFields.email(form?.email ?? account.email ?? "")
        displayName = UserFields.displayName(form?.displayName ?? account.displayName)
        role = isOwn ? nil : AdministratorBox(isChecked: form?.isAdministrator ?? (account.role == .admin))
        state = AccountState(account, now: now)
        lastSignIn = account.lastSignInAt.map { Moment($0, now: now).spoken } ?? Texts.Users.never
        sessions = Texts.User.sessions(standing.sessions)
        limitsLabel = standing.limits.isEmpty ? nil : Texts.User.limits
        limits = standing.limits.map { Texts.User.limit($0.what, endsAt: $0.endsAt.map { Moment($0, now: now).exact }) }
        reset = isOwn ? nil : PageLink(Texts.Users.reset, .user(account.id, .reset))
        acts = isOwn ? [] : Self.acts(account, standing)
        delete = isOwn ? nil : PageLink(Texts.User.delete, .user(account.id, .delete))
        deleteTitle = isOwn ? nil : Texts.User.deleteTitle
        ownText = isOwn ? Texts.User.own : nil
        ownPassword = isOwn ? PageLink(Texts.Users.ownPassword, .changePassword) : nil
    }

    /// Only what would change something.
    private static func acts(_ account: Account, _ standing: AccountStanding) -> [Act] {
        let wanted: [(UserAct, SubmitButton.Style, Bool)] = [
            (.unlock, .primary, !standing.limits.isEmpty), (.enable, .primary, !account.isActive),
            (.requireChange, .quiet, !account.requirePasswordChange && account.hasPassword),
            (.endSessions, .quiet, standing.sessions > 0), (.disable, .danger, account.isActive),
        ]
        return wanted.filter(\.2).map { act, style, _ in
            let (title, help) = Texts.User.act(act)
            return Act(
                actTitle: title, help: help, url: SiteURL.userAct(account.id, act).path,
                press: SubmitButton(title, style))
        }
    }
}

/// What stands beside an account and concerns its sign-in.
struct AccountStanding: Sendable {
    let sessions: Int
    let limits: [ReachedLimit]
}

/// The fields of an account, for adding and changing one alike.
enum UserFields {
    static func username(_ value: String, isFirst: Bool) -> Field {
        Field(
            "username", label: Texts.Users.Column.username, purpose: .off, hint: Texts.User.usernameHint,
            value: value.isEmpty ? nil : value, isFirst: isFirst)
    }

    static func email(_ value: String) -> Field {
        Field(
            "email", label: Texts.User.email, purpose: .off, value: value.isEmpty ? nil : value, isRequired: false)
    }

    static func displayName(_ value: String) -> Field {
        Field(
            "display-name", label: Texts.User.displayName, purpose: .off, value: value.isEmpty ? nil : value,
            isRequired: false)
    }
}

/// Whether somebody is an administrator, as a box to tick.
struct AdministratorBox: Sendable {
    let boxLabel = Texts.User.administrator
    let boxHint = Texts.User.administratorHint
    let isChecked: Bool
}

struct UserForm: Decodable, Sendable {
    let username: String
    let email: String?
    let displayName: String?
    let admin: String?

    enum CodingKeys: String, CodingKey {
        case username, email, admin
        case displayName = "display-name"
    }

    var isAdministrator: Bool { admin == "yes" }
    /// nil where the field was left empty.
    var givenEmail: String? { email.flatMap { $0.isEmpty ? nil : $0 } }
    var givenDisplayName: String? { displayName.flatMap { $0.isEmpty ? nil : $0 } }
}
