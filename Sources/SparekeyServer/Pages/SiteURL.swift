/// Every address that a page links to, posts to or leads to. No other text becomes a link or a redirect.
enum SiteURL: Sendable, Hashable {
    case home
    case login
    /// Sign-in, and then on; the password once more of somebody whose sign-in is too old for it (SEC-15).
    case loginThen(Destination)
    case signOut
    case changePassword
    case account
    case accountAfter(Notice)
    case endSession
    case endOtherSessions
    case loginAfter(LoginNotice)
    case requests
    case requestsAfter(RequestNotice)
    /// Behind the request of that number.
    case olderRequests(Int64)
    case approveRequest
    case denyRequest
    case revealRequest
    case apps
    case audit
    case auditShowing(AuditQuery)
    case auditExport(AuditQuery)
    case auditVerify
    case forgotPassword
    /// The second step of the former.
    case resetCode
    /// The same for the accounts of the app attached under that name, and the last step there.
    case forgotPasswordIn(String)
    case resetCodeIn(String)
    case resetIn(String)
    case resetPassword
    case resetToken
    case newPassword
    case setUp
    case setUpToken
    case newSetUp
    case wellKnownChangePassword
    case users
    /// A page of the listing.
    case usersPage(search: String, after: String?)
    case usersAfter(UsersNotice)
    case newUser
    /// Of the account with that id.
    case user(String, UserPlace)
    case userAfter(String, UserAct)
    case userAct(String, UserAct)
    /// Judges what somebody types for the account.
    case strength(String)
    /// A file under its content-hashed name.
    case asset(String)

    /// What somebody may be led to after signing in.
    enum Destination: Sendable, Hashable {
        case account
        case changePassword
        case requests
        case audit
        case apps
        case users
        case newUser
        case user(String, UserPlace)

        var url: SiteURL {
            switch self {
            case .account: .account
            case .changePassword: .changePassword
            case .users: .users
            case .newUser: .newUser
            case .user(let id, let place): .user(id, place)
            case .requests: .requests
            case .audit: .audit
            case .apps: .apps
            }
        }

        /// Whether what is done there needs a sign-in of the last minutes (SEC-15).
        var needsFreshSignIn: Bool {
            switch self {
            case .account, .changePassword, .audit, .apps: false
            case .requests, .users, .newUser, .user: true
            }
        }
    }

    /// What the account page says at its top after something was done.
    enum Notice: String, Sendable, CaseIterable {
        case passwordChanged = "password-changed"
        case sessionEnded = "session-ended"
        case othersEnded = "others-ended"
    }

    /// What the sign-in page says at its top after something was done.
    enum LoginNotice: String, Sendable, CaseIterable {
        case passwordReset = "password-reset"
        case setUp = "set-up"
    }

    /// What the inbox says at its top after something was done.
    enum RequestNotice: String, Sendable, CaseIterable {
        case approved
        case denied
    }

    var path: String {
        switch self {
        case .home: "/"
        case .login: "/login"
        case .loginThen(let destination): "/login?next=\(destination.rawValue)"
        case .signOut: "/sign-out"
        case .changePassword: "/change-password"
        case .account: "/account"
        case .accountAfter(let notice): "/account?done=\(notice.rawValue)"
        case .endSession: "/account/end-session"
        case .endOtherSessions: "/account/end-other-sessions"
        case .loginAfter(let notice): "/login?done=\(notice.rawValue)"
        case .requests: "/admin/requests"
        case .requestsAfter(let notice): "/admin/requests?done=\(notice.rawValue)"
        case .olderRequests(let number): "/admin/requests?before=\(number)"
        case .approveRequest: "/admin/requests/approve"
        case .denyRequest: "/admin/requests/deny"
        case .revealRequest: "/admin/requests/reveal"
        case .apps: "/admin/apps"
        case .audit: "/admin/audit"
        case .auditShowing(let query): "/admin/audit\(query.text)"
        case .auditExport(let query): "/admin/audit/export\(query.text)"
        case .auditVerify: "/admin/audit/verify"
        case .forgotPassword: "/forgot-password"
        case .resetCode: "/forgot-password/code"
        case .forgotPasswordIn(let app): "/forgot-password/\(app)"
        case .resetCodeIn(let app): "/forgot-password/\(app)/code"
        case .resetIn(let app): "/forgot-password/\(app)/done"
        case .resetPassword: "/reset-password"
        case .resetToken: "/reset-password/token"
        case .newPassword: "/reset-password/new"
        case .setUp: "/setup"
        case .setUpToken: "/setup/token"
        case .newSetUp: "/setup/new"
        case .wellKnownChangePassword: "/.well-known/change-password"
        case .users: "/admin/users"
        case .usersPage(let search, let after): Self.listing(search, after)
        case .usersAfter(let notice): "/admin/users?done=\(notice.rawValue)"
        case .newUser: "/admin/users/new"
        case .user(let id, .edit): "/admin/users/\(id)"
        case .user(let id, let place): "/admin/users/\(id)/\(place.rawValue)"
        case .userAfter(let id, let act): "/admin/users/\(id)?done=\(act.rawValue)"
        case .userAct(let id, let act): "/admin/users/\(id)/\(act.rawValue)"
        case .strength(let id): "/admin/users/\(id)/strength"
        case .asset(let name): "/assets/\(name)"
        }
    }
}
