import Hummingbird
import PasswordHashing
import Sparekey

/// `/forgot-password`, first step: who it is (NEX-1). The answer is the same for every name, and nothing here looks one up.
struct ForgotPasswordPage: Page {
    static let template = "forgot-password"
    let title = Texts.Forgot.title
    let introduction = Texts.Forgot.introduction
    let action = SiteURL.forgotPassword.path
    let name: Field
    let submit = SubmitButton(Texts.Forgot.request)
    let nextTitle = Texts.Forgot.nextTitle
    let steps: [String]
    let haveCode = PageLink(Texts.Forgot.haveCode, .resetCode)
    let back = PageLink(Texts.Forgot.back, .login)

    init(_ customs: CodeCustoms) {
        name = Field(
            "username", label: Texts.Login.name, purpose: .username, hint: Texts.Forgot.nameHint, isFirst: true)
        steps = Texts.Forgot.steps(customs)
    }
}

/// `/forgot-password/code`, second step: the code and the new password, twice.
struct ResetCodePage: Page {
    static let template = "reset-code"
    let title = Texts.Forgot.codeTitle
    let introduction: String
    let banner: Banner?
    let action = SiteURL.resetCode.path
    let fields: [Field]
    let submit = SubmitButton(Texts.Forgot.reset)
    let again = PageLink(Texts.Forgot.again, .forgotPassword)

    enum Refusal: Sendable {
        case code
        case differ
        case policy([PolicyViolation])

        var status: HTTPResponse.Status {
            if case .code = self { ProblemKind.invalidResetCode.status } else { ProblemKind.passwordRefused.status }
        }
    }

    /// - Parameters:
    ///   - typed: the name that step one carried over, or that was sent with the form.
    ///   - code: what was typed, where it is still good.
    init(
        name typed: String, code: String? = nil, _ customs: CodeCustoms, policy: PasswordPolicy,
        refusal: Refusal? = nil
    ) {
        introduction = Texts.Forgot.codeIntroduction(customs)
        var codeError: String?
        switch refusal {
        case .code:
            codeError = Texts.Forgot.wrongCode
            banner = Banner(Texts.Forgot.codeRefused, .bad, lines: Texts.Forgot.codeRefusedHelp)
        case .policy(let violations):
            banner = Banner(
                Texts.ChangePassword.refused, .bad, lines: violations.map(\.message) + [Texts.Forgot.codeStays])
        case .differ, nil: banner = nil
        }
        fields =
            [
                Field(
                    "username", label: Texts.Login.name, purpose: .username, value: typed.isEmpty ? nil : typed,
                    isFirst: typed.isEmpty),
                Field(
                    "code", label: Texts.Forgot.code, purpose: .oneTimeCode, hint: Texts.Forgot.codeHint(customs),
                    error: codeError, value: code, isFirst: !typed.isEmpty),
            ] + NewPasswordForm.fields(policy, differ: refusal.isMismatch)
    }
}

extension ResetCodePage.Refusal? {
    fileprivate var isMismatch: Bool {
        if case .differ = self { true } else { false }
    }
}

struct ForgotPasswordRoutes: Sendable {
    let flows: ServerFlows
    let pages: PageRenderer
    let cookies: BrowserCookies

    func add(to visitors: RouteTable<VisitorContext>, trying: RouteTable<VisitorContext>) {
        visitors.on(.get, SiteURL.forgotPassword.path, use: show)
        visitors.on(.post, SiteURL.forgotPassword.path, use: request)
        visitors.on(.get, SiteURL.resetCode.path, use: showCode)
        trying.on(.post, SiteURL.resetCode.path, use: reset)
    }

    @Sendable private func show(_ request: Request, _ context: VisitorContext) async throws -> Response {
        pages.response(ForgotPasswordPage(flows.pages.customs), for: context.browser)
    }

    @Sendable private func request(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let form = try await FormBody.read(NameForm.self, request)
        try await flows.recovery.request(name: form.username, app: nil, address: context.address)
        var response = Response.seeOther(.resetCode)
        response.setCookie(
            cookies.keeping(try flows.pages.steps.keep(form.username, for: .forgottenName), for: .forgottenName))
        return response
    }

    @Sendable private func showCode(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let name = cookies.step(.forgottenName, request).flatMap { flows.pages.steps.open($0, for: .forgottenName) }
        return pages.response(
            ResetCodePage(name: name ?? "", flows.pages.customs, policy: flows.pages.policy), for: context.browser)
    }

    @Sendable private func reset(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let form = try await FormBody.read(CodeForm.self, request)
        guard form.new.password.isEqual(to: form.confirmation.password) else { return refused(.differ, form, context) }
        do {
            _ = try await flows.recovery.resetWithCode(
                ResetWithCode.Request(
                    name: form.username, code: form.code, password: form.new.password, address: context.address))
        } catch let error as RecoveryError where error.code == .policy {
            return refused(.policy(error.violations), form, context)
        } catch let error as RecoveryError where error.code == .invalidCode {
            return refused(.code, form, context)
        }
        var response = Response.seeOther(.loginAfter(.passwordReset))
        response.setCookie(cookies.ending(.forgottenName))
        return response
    }

    private func refused(_ refusal: ResetCodePage.Refusal, _ form: CodeForm, _ context: VisitorContext) -> Response {
        var code: String? = form.code
        if case .code = refusal { code = nil }
        let page = ResetCodePage(
            name: form.username, code: code, flows.pages.customs, policy: flows.pages.policy, refusal: refusal)
        return pages.response(page, for: context.browser, status: refusal.status)
    }
}

private struct NameForm: Decodable, Sendable {
    let username: String
}

private struct CodeForm: Decodable, Sendable {
    let username: String
    let code: String
    let new: PasswordField
    let confirmation: PasswordField

    enum CodingKeys: String, CodingKey {
        case username, code
        case new = "new-password"
        case confirmation = "confirm-password"
    }
}
