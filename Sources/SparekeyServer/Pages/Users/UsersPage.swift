import Foundation
import Hummingbird
import Sparekey

/// `/admin/users`: the accounts, by username, a page at a time.
struct UsersPage: Page {
    struct Row: Sendable {
        let username: String
        let displayName: String
        let email: String
        let role: String
        let state: AccountState
        let lastSignIn: Moment?
        let isOwn: Bool
        /// Of everybody but the caller.
        let resetURL: String
        let editURL: String
        let deleteURL: String
    }

    static let template = "users"
    static let isWide = true
    static let scripts = ["users.js"]
    let title = Texts.Users.title
    let person: PagePerson?
    let banner: Banner?
    let action = SiteURL.users.path
    let search: String
    let searchLabel = Texts.Users.search
    let searchButton = Texts.Users.searchButton
    let add = PageLink(Texts.Users.add, .newUser)
    let usernameColumn = Texts.Users.Column.username
    let displayNameColumn = Texts.Users.Column.displayName
    let emailColumn = Texts.Users.Column.email
    let roleColumn = Texts.Users.Column.role
    let stateColumn = Texts.Users.Column.state
    let lastSignInColumn = Texts.Users.Column.lastSignIn
    let actionsColumn = Texts.Users.Column.actions
    let neverText = Texts.Users.never
    let youText = Texts.Users.you
    let resetText = Texts.Users.reset
    let editText = Texts.Users.edit
    let deleteText = Texts.Users.delete
    let ownPassword = PageLink(Texts.Users.ownPassword, .changePassword)
    let closeText = Texts.Users.close
    let hasRows: Bool
    let rows: [Row]
    let emptyText: String?
    let everybody: PageLink?
    let firstPage: PageLink?
    let nextPage: PageLink?

    /// - Parameter after: where the page begins; nil for the first.
    init(
        _ caller: SignedIn, _ listing: Sparekey.AccountPage, search: String, after: String?,
        notice: UsersNotice?, now: Timestamp
    ) {
        person = PagePerson(caller)
        banner = notice == .deleted ? Banner(Texts.Users.deleted, .good) : nil
        self.search = search
        rows = listing.accounts.map { Row($0, caller: caller.account, now: now) }
        hasRows = !rows.isEmpty
        emptyText = rows.isEmpty ? Texts.Users.nobody : nil
        everybody = search.isEmpty ? nil : PageLink(Texts.Users.everybody, .users)
        firstPage = after == nil ? nil : PageLink(Texts.Users.firstPage, .usersPage(search: search, after: nil))
        nextPage = listing.next.map { PageLink(Texts.Users.nextPage, .usersPage(search: search, after: $0)) }
    }
}

extension UsersPage.Row {
    init(_ account: Account, caller: Account, now: Timestamp) {
        username = account.username
        displayName = account.displayName
        email = account.email ?? Texts.Users.none
        role = account.role == .admin ? Texts.Users.administrator : Texts.Users.user
        state = AccountState(account, now: now)
        lastSignIn = account.lastSignInAt.map { Moment($0, now: now) }
        isOwn = account.id == caller.id
        resetURL = SiteURL.user(account.id, .reset).path
        editURL = SiteURL.user(account.id, .edit).path
        deleteURL = SiteURL.user(account.id, .delete).path
    }
}

/// Whether somebody can sign in, in words and in a colour.
struct AccountState: Sendable {
    let stateText: String
    let stateStyle: String

    init(_ account: Account, now: Timestamp) {
        let isExpired = account.passwordExpiresAt.map { $0 <= now } ?? false
        (stateText, stateStyle) =
            if !account.isActive {
                (Texts.Users.State.disabled, "bad")
            } else if !account.hasPassword {
                (Texts.Users.State.noPassword, "warning")
            } else if isExpired {
                (Texts.Users.State.expired, "warning")
            } else if account.requirePasswordChange {
                (Texts.Users.State.mustChange, "warning")
            } else {
                (Texts.Users.State.active, "good")
            }
    }
}

struct UsersRoutes: Sendable {
    let flows: ServerFlows
    let pages: PageRenderer

    /// A screenful or two: the whole page stays small, and the next one is a look-up away.
    private static let pageSize = 25

    func add(to administrators: RouteTable<AdministratorContext>) {
        administrators.on(.get, SiteURL.users.path, use: list)
    }

    @Sendable private func list(_ request: Request, _ context: AdministratorContext) async throws -> Response {
        let query = try FormBody.decode(ListQuery.self, Array((request.uri.query ?? "").utf8))
        let search = (query.search ?? "").trimmingCharacters(in: .whitespaces)
        let after = query.after.flatMap { $0.isEmpty ? nil : $0 }
        let listing = try await flows.register.list(
            search: search.isEmpty ? nil : search, after: after, limit: Self.pageSize)
        let page = UsersPage(
            context.caller, listing, search: search, after: after,
            notice: query.done.flatMap(UsersNotice.init), now: flows.clock.now)
        return pages.response(page, for: context.browser)
    }
}

private struct ListQuery: Decodable, Sendable {
    let search: String?
    let after: String?
    let done: String?
}
