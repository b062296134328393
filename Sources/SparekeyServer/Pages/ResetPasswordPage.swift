import Hummingbird
import PasswordHashing
import Sparekey

/// `/reset-password/new`: a new password by a one-time link (LST-2), whose token rests in a sealed cookie by now.
struct ResetPasswordPage: Page {
    static let template = "new-password"
    let title = Texts.ResetPassword.title
    let introduction = Texts.ResetPassword.introduction
    let banner: Banner?
    let action = SiteURL.resetPassword.path
    let fields: [Field]
    let submit = SubmitButton(Texts.Forgot.reset)

    /// - Parameter violations: why the password was refused; empty where the two differ.
    init(policy: PasswordPolicy, violations: [PolicyViolation]? = nil) {
        let refused = violations.flatMap { $0.isEmpty ? nil : $0 }
        banner = refused.map {
            Banner(Texts.ChangePassword.refused, .bad, lines: $0.map(\.message) + [Texts.ResetPassword.linkStays])
        }
        fields = NewPasswordForm.fields(policy, isFirst: true, differ: violations?.isEmpty == true)
    }
}

struct ResetPasswordRoutes: Sendable {
    let flows: ServerFlows
    let pages: PageRenderer
    let cookies: BrowserCookies
    let browser: BrowserMiddleware

    /// - Parameter open: for the one address that takes a program's call as well as a form.
    func add(
        to visitors: RouteTable<VisitorContext>, trying: RouteTable<VisitorContext>, open: RouteTable<VisitorContext>
    ) {
        visitors.on(.get, SiteURL.resetPassword.path, use: arrive)
        trying.on(.post, SiteURL.resetToken.path, use: carry)
        visitors.on(.get, SiteURL.newPassword.path, use: show)
        let call = PasswordResetRoutes(flows: flows.recovery)
        open.on(.post, SiteURL.resetPassword.path) { request, context in
            guard request.isForm else { return try await call.consume(request, context) }
            return try await browser.handle(request, context: context) { try await reset($0, $1) }
        }
    }

    /// A link of the older kind, `?token=`, leads on at once: nothing is looked at, and its address is gone from the bar.
    @Sendable private func arrive(_ request: Request, _ context: VisitorContext) async throws -> Response {
        guard let token = request.uri.queryParameters["token"] else {
            return pages.response(TokenStepPage.resetPassword, for: context.browser)
        }
        return try onward(TokenForm(token: String(token)).pasted)
    }

    @Sendable private func carry(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let token = try await FormBody.read(TokenForm.self, request).pasted
        do {
            try await flows.recovery.consumeToken.check(token, address: context.address)
        } catch let error as RecoveryError where error.code == .invalidToken {
            return spent(context)
        }
        return try onward(token)
    }

    @Sendable private func show(_ request: Request, _ context: VisitorContext) async throws -> Response {
        guard token(request) != nil else { return .seeOther(.resetPassword) }
        return pages.response(ResetPasswordPage(policy: flows.pages.policy), for: context.browser)
    }

    private func reset(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let form = try await FormBody.read(NewPasswordBody.self, request)
        guard let token = token(request) else { return spent(context) }
        guard form.new.password.isEqual(to: form.confirmation.password) else { return refused([], context) }
        do {
            _ = try await flows.recovery.consumeToken(
                ConsumeResetToken.Request(token: token, password: form.new.password, address: context.address))
        } catch let error as RecoveryError where error.code == .policy {
            return refused(error.violations, context)
        } catch let error as RecoveryError where error.code == .invalidToken {
            return spent(context)
        }
        var response = Response.seeOther(.loginAfter(.passwordReset))
        response.setCookie(cookies.ending(.resetToken))
        return response
    }

    private func token(_ request: Request) -> String? {
        cookies.step(.resetToken, request).flatMap { flows.pages.steps.open($0, for: .resetToken) }
    }

    private func onward(_ token: String) throws -> Response {
        var response = Response.seeOther(.newPassword)
        response.setCookie(cookies.keeping(try flows.pages.steps.keep(token, for: .resetToken), for: .resetToken))
        return response
    }

    private func spent(_ context: VisitorContext) -> Response {
        var response = pages.response(
            SpentLinkPage.resetPassword, for: context.browser, status: ProblemKind.invalidResetToken.status)
        response.setCookie(cookies.ending(.resetToken))
        return response
    }

    private func refused(_ violations: [PolicyViolation], _ context: VisitorContext) -> Response {
        pages.response(
            ResetPasswordPage(policy: flows.pages.policy, violations: violations), for: context.browser,
            status: ProblemKind.passwordRefused.status)
    }
}

private struct NewPasswordBody: Decodable, Sendable {
    let new: PasswordField
    let confirmation: PasswordField

    enum CodingKeys: String, CodingKey {
        case new = "new-password"
        case confirmation = "confirm-password"
    }
}
