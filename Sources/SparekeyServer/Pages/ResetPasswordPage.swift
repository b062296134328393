import Hummingbird
import PasswordHashing
import Sparekey

/// `/reset-password/new`: a new password by a one-time link (LST-2), whose token rests in a sealed cookie by now. It names the
/// account, so that nobody sets a stranger's password by a stranger's link.
struct ResetPasswordPage: Page {
    static let template = "new-password"
    let title: String
    let introduction: String
    let banner: Banner?
    let action = SiteURL.resetPassword.path
    /// Ties the form to the link it was shown for: another one may be opened in the same browser meanwhile.
    let step: String
    let fields: [Field]
    let submit = SubmitButton(Texts.Forgot.reset)

    enum Refusal: Sendable {
        case differ
        case policy([PolicyViolation])
        case otherLink

        var status: HTTPResponse.Status {
            if case .otherLink = self { .conflict } else { ProblemKind.passwordRefused.status }
        }
    }

    init(for username: String, in place: ForgottenPlace, step: String, refusal: Refusal? = nil) {
        let whom = place.title.map { Texts.ResetPassword.account(username, in: $0) } ?? username
        title = Texts.ResetPassword.title(whom)
        introduction =
            place.title.map { Texts.ResetPassword.introduction(username, in: $0) }
            ?? Texts.ResetPassword.introduction(username)
        self.step = step
        var differ = false
        switch refusal {
        case .policy(let violations):
            banner = Banner(
                Texts.ChangePassword.refused, .bad, lines: violations.map(\.message) + [Texts.ResetPassword.linkStays])
        case .otherLink:
            banner = Banner(
                Texts.ResetPassword.otherLink, .bad, lines: [Texts.ResetPassword.otherLinkHelp(whom)])
        case .differ:
            banner = nil
            differ = true
        case nil: banner = nil
        }
        fields = NewPasswordForm.fields(place.policy, isFirst: true, differ: differ)
    }
}

/// What a browser carries from a link to the new password: a token, and whose it is once that was looked up.
private enum ResetStep {
    case opened(token: String)
    case proved(token: String, username: String, app: String?)

    /// The token is the end of the text, whatever somebody wrote into it.
    init?(_ text: String) {
        let parts = text.split(separator: "\n", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
        switch (parts.first, parts.count) {
        case ("proved", 4): self = .proved(token: parts[3], username: parts[1], app: parts[2].isEmpty ? nil : parts[2])
        case ("opened", 2...): self = .opened(token: parts.dropFirst().joined(separator: "\n"))
        default: return nil
        }
    }

    var text: String {
        switch self {
        case .opened(let token): "opened\n\(token)"
        case .proved(let token, let username, let app): "proved\n\(username)\n\(app ?? "")\n\(token)"
        }
    }

    var token: String {
        switch self {
        case .opened(let token), .proved(let token, _, _): token
        }
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
        trying.on(.get, SiteURL.newPassword.path, use: show)
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
        return try keeping(.opened(token: TokenForm(token: String(token)).pasted), in: .seeOther(.newPassword))
    }

    @Sendable private func carry(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let token = try await FormBody.read(TokenForm.self, request).pasted
        return try await proving(.opened(token: token), context) { step, _, _ in
            try keeping(step, in: .seeOther(.newPassword))
        }
    }

    @Sendable private func show(_ request: Request, _ context: VisitorContext) async throws -> Response {
        guard let step = step(request) else { return .seeOther(.resetPassword) }
        return try await proving(step, context) { step, username, place in
            try keeping(step, in: page(step, username, place, context))
        }
    }

    private func reset(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let form = try await FormBody.read(NewPasswordBody.self, request)
        guard let step = step(request) else { return spent(context) }
        func refused(_ refusal: ResetPasswordPage.Refusal) async throws -> Response {
            try await proving(step, context) { step, username, place in
                try keeping(step, in: page(step, username, place, context, refusal: refusal))
            }
        }
        guard flows.pages.formTokens.isValid(form.step ?? "", for: .step(step.token)) else {
            return try await refused(.otherLink)
        }
        guard form.new.password.isEqual(to: form.confirmation.password) else { return try await refused(.differ) }
        let report: ResetReport
        do {
            report = try await flows.recovery.consumeToken(
                ConsumeResetToken.Request(token: step.token, password: form.new.password, address: context.address))
        } catch let error as RecoveryError where error.code == .policy {
            return try await refused(.policy(error.violations))
        } catch let error as RecoveryError where error.code == .invalidToken {
            return spent(context)
        }
        var response = Response.seeOther(
            report.app.map { .resetIn($0.name) } ?? .loginAfter(.passwordReset))
        response.setCookie(cookies.ending(.resetToken))
        return response
    }

    /// Looks a step's token up where nobody did yet, and says whose password it sets; the page of links that are over where
    /// it sets none.
    private func proving(
        _ step: ResetStep, _ context: VisitorContext,
        _ answer: (ResetStep, String, ForgottenPlace) throws -> Response
    ) async throws -> Response {
        guard case .opened(let token) = step else {
            guard case .proved(_, let username, let app) = step else { return spent(context) }
            return try answer(step, username, ForgottenPlace(try flows.recovery.directories.named(app)))
        }
        do {
            let holder = try await flows.recovery.consumeToken.check(token, address: context.address)
            let place = ForgottenPlace(holder.place)
            // An app may hold names that could not be shown as they are.
            let username = DisplayText(holder.account.username).text
            return try answer(.proved(token: token, username: username, app: place.app), username, place)
        } catch let error as RecoveryError where error.code == .invalidToken {
            return spent(context)
        }
    }

    private func page(
        _ step: ResetStep, _ username: String, _ place: ForgottenPlace, _ context: VisitorContext,
        refusal: ResetPasswordPage.Refusal? = nil
    ) -> Response {
        let page = ResetPasswordPage(
            for: username, in: place, step: flows.pages.formTokens.token(for: .step(step.token)), refusal: refusal)
        return pages.response(page, for: context.browser, status: refusal?.status ?? .ok)
    }

    private func step(_ request: Request) -> ResetStep? {
        cookies.step(.resetToken, request).flatMap { flows.pages.steps.open($0, for: .resetToken) }
            .flatMap(ResetStep.init)
    }

    private func keeping(_ step: ResetStep, in response: Response) throws -> Response {
        var response = response
        let sealed = try flows.pages.steps.keep(step.text, for: .resetToken)
        response.setCookie(cookies.keeping(sealed, for: .resetToken))
        return response
    }

    private func spent(_ context: VisitorContext) -> Response {
        var response = pages.response(
            SpentLinkPage.resetPassword, for: context.browser, status: ProblemKind.invalidResetToken.status)
        response.setCookie(cookies.ending(.resetToken))
        return response
    }
}

private struct NewPasswordBody: Decodable, Sendable {
    let new: PasswordField
    let confirmation: PasswordField
    let step: String?

    enum CodingKeys: String, CodingKey {
        case step
        case new = "new-password"
        case confirmation = "confirm-password"
    }
}
