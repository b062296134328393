/// Every address that a page links to, posts to or leads to. No other text becomes a link or a redirect.
enum SiteURL: Sendable, Hashable {
    case home
    case login
    /// Sign-in, and then on to one of ``destinations``.
    case loginThen(Destination)
    case signOut
    case changePassword
    case account
    case accountAfter(Notice)
    case endSession
    case endOtherSessions
    case loginAfter(LoginNotice)
    case forgotPassword
    /// The second step of the former.
    case resetCode
    case resetPassword
    case resetToken
    case newPassword
    case setUp
    case setUpToken
    case newSetUp
    case wellKnownChangePassword
    /// A file under its content-hashed name.
    case asset(String)

    /// What somebody may be led to after signing in.
    enum Destination: String, Sendable, CaseIterable {
        case account
        case changePassword = "change-password"

        var url: SiteURL {
            switch self {
            case .account: .account
            case .changePassword: .changePassword
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
        case .forgotPassword: "/forgot-password"
        case .resetCode: "/forgot-password/code"
        case .resetPassword: "/reset-password"
        case .resetToken: "/reset-password/token"
        case .newPassword: "/reset-password/new"
        case .setUp: "/setup"
        case .setUpToken: "/setup/token"
        case .newSetUp: "/setup/new"
        case .wellKnownChangePassword: "/.well-known/change-password"
        case .asset(let name): "/assets/\(name)"
        }
    }
}
