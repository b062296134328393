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
    case requests
    case requestsAfter(RequestNotice)
    /// Behind the request of that number.
    case olderRequests(Int64)
    case approveRequest
    case denyRequest
    case revealRequest
    case audit
    case auditShowing(AuditQuery)
    case auditExport(AuditQuery)
    case auditVerify
    case forgotPassword
    case wellKnownChangePassword
    /// A file under its content-hashed name.
    case asset(String)

    /// What somebody may be led to after signing in.
    enum Destination: String, Sendable, CaseIterable {
        case account
        case changePassword = "change-password"
        case requests
        case audit

        var url: SiteURL {
            switch self {
            case .account: .account
            case .changePassword: .changePassword
            case .requests: .requests
            case .audit: .audit
            }
        }

        /// Whether what is done there needs a sign-in of the last minutes (SEC-15).
        var needsFreshSignIn: Bool { self == .requests }
    }

    /// What the account page says at its top after something was done.
    enum Notice: String, Sendable, CaseIterable {
        case passwordChanged = "password-changed"
        case sessionEnded = "session-ended"
        case othersEnded = "others-ended"
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
        case .requests: "/admin/requests"
        case .requestsAfter(let notice): "/admin/requests?done=\(notice.rawValue)"
        case .olderRequests(let number): "/admin/requests?before=\(number)"
        case .approveRequest: "/admin/requests/approve"
        case .denyRequest: "/admin/requests/deny"
        case .revealRequest: "/admin/requests/reveal"
        case .audit: "/admin/audit"
        case .auditShowing(let query): "/admin/audit\(query.text)"
        case .auditExport(let query): "/admin/audit/export\(query.text)"
        case .auditVerify: "/admin/audit/verify"
        case .forgotPassword: "/forgot-password"
        case .wellKnownChangePassword: "/.well-known/change-password"
        case .asset(let name): "/assets/\(name)"
        }
    }
}
