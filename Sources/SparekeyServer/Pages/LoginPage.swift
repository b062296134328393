import Hummingbird
import Sparekey

/// `/login`, and the way out.
struct LoginPage: Page {
    static let template = "login"
    let title = Texts.Login.title
    let introduction = Texts.Login.introduction
    let banner: Banner?
    let action = SiteURL.login.path
    /// Where to go afterwards; one of ``SiteURL/Destination``, and nothing else.
    let destination: String?
    let name: Field
    let password: Field
    let submit = SubmitButton(Texts.Login.button)

    /// - Parameters:
    ///   - isRefused: the same page whatever the cause was.
    ///   - isAgain: somebody is signed in, for longer than ``destination`` takes (SEC-15).
    init(
        name typed: String = "", destination: SiteURL.Destination?, isRefused: Bool = false, isAgain: Bool = false,
        notice: SiteURL.LoginNotice? = nil
    ) {
        self.destination = destination?.rawValue
        let again = isAgain ? Banner(Texts.Login.again, .warning, lines: [Texts.Login.againHelp]) : nil
        let done = notice.map { Banner(Texts.Login.done($0), .good, lines: [Texts.Login.next($0)]) }
        banner = isRefused ? Banner(Texts.Login.refused, .bad, lines: [Texts.Login.refusedHelp]) : again ?? done
        name = Field(
            "username", label: Texts.Login.name, purpose: .username, value: typed.isEmpty ? nil : typed,
            isFirst: typed.isEmpty)
        password = Field(
            "password", label: Texts.Login.password, purpose: .currentPassword, isFirst: !typed.isEmpty,
            aside: PageLink(Texts.Login.forgot, .forgotPassword))
    }
}

struct LoginRoutes: Sendable {
    let flows: ServerFlows
    let pages: PageRenderer
    let cookies: BrowserCookies

    /// - Parameter trying: for what hashes.
    func add(
        to visitors: RouteTable<VisitorContext>, trying: RouteTable<VisitorContext>,
        signedIn: RouteTable<SignedInContext>
    ) {
        visitors.on(.get, SiteURL.login.path, use: show)
        trying.on(.post, SiteURL.login.path, use: signIn)
        signedIn.on(.post, SiteURL.signOut.path, use: signOut)
    }

    @Sendable private func show(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let destination = request.uri.queryParameters["next"].flatMap { SiteURL.Destination(rawValue: String($0)) }
        if let caller = context.signedIn {
            guard let destination, destination.needsFreshSignIn, caller.account.role == .admin,
                !caller.isFresh(at: flows.clock.now)
            else { return .seeOther(destination?.url ?? .account) }
            let page = LoginPage(name: caller.account.username, destination: destination, isAgain: true)
            return pages.response(page, for: context.browser)
        }
        let notice = request.uri.queryParameters["done"].flatMap { SiteURL.LoginNotice(rawValue: String($0)) }
        return pages.response(LoginPage(destination: destination, notice: notice), for: context.browser)
    }

    @Sendable private func signIn(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let form = try await FormBody.read(LoginForm.self, request)
        let destination = form.next.flatMap { SiteURL.Destination(rawValue: $0) }
        let attempt = SignInAttempt(
            name: form.username, password: form.password.password, address: context.address,
            device: request.headers[.userAgent], token: context.browser.device)
        do {
            let (begun, device) = try await flows.pages.signIn(attempt, leaving: context.signedIn)
            var response = Response.seeOther(destination?.url ?? .account)
            response.setCookie(cookies.keeping(begun.secret))
            response.setCookie(cookies.keeping(device))
            return response
        } catch let error as RecoveryError where error.code == .signInRefused {
            return pages.response(
                LoginPage(name: form.username, destination: destination, isRefused: true), for: context.browser,
                status: ProblemKind.signInRefused.status)
        }
    }

    @Sendable private func signOut(_ request: Request, _ context: SignedInContext) async throws -> Response {
        try await flows.endSession(context.caller.session.id, of: context.caller.account, address: context.address)
        var response = Response.seeOther(.login)
        response.setCookie(cookies.endingSession())
        return response
    }
}

private struct LoginForm: Decodable, Sendable {
    let username: String
    let password: PasswordField
    let next: String?
}
