import Hummingbird
import Logging
import PasswordHashing
import Sparekey

/// `/forgot-password` and `/forgot-password/APP`, first step: who it is (NEX-1). The answer is the same for every name, and nothing here looks one up.
struct ForgotPasswordPage: Page {
    static let template = "forgot-password"
    let title = Texts.Forgot.title
    let introduction: String
    let action: String
    let name: Field
    let submit = SubmitButton(Texts.Forgot.request)
    let nextTitle = Texts.Forgot.nextTitle
    let steps: [String]
    let haveCode: PageLink
    let back: PageLink?

    init(_ customs: CodeCustoms, _ place: ForgottenPlace) {
        introduction = place.title.map(Texts.Forgot.introduction) ?? Texts.Forgot.introduction
        action = place.request.path
        haveCode = PageLink(Texts.Forgot.haveCode, place.code)
        back = place.back
        name = Field(
            "username", label: Texts.Login.name, purpose: .username,
            hint: place.title.map(Texts.Forgot.nameHint) ?? Texts.Forgot.nameHint, isFirst: true)
        steps = Texts.Forgot.steps(customs)
    }
}

/// `/forgot-password/code` and `/forgot-password/APP/code`, second step: the code and the new password, twice.
struct ResetCodePage: Page {
    static let template = "reset-code"
    let title: String
    let introduction: String
    let banner: Banner?
    let action: String
    let fields: [Field]
    let submit = SubmitButton(Texts.Forgot.reset)
    let again: PageLink

    enum Refusal: Sendable {
        case code
        case differ
        case policy([PolicyViolation])
        /// The app's database, or an attempt that is not settled: what was typed may be sent again as it is.
        case later(Problem)

        var status: HTTPResponse.Status {
            switch self {
            case .code: ProblemKind.invalidResetCode.status
            case .differ, .policy: ProblemKind.passwordRefused.status
            case .later(let problem): problem.kind.status
            }
        }
    }

    /// - Parameters:
    ///   - typed: the name that step one carried over, or that was sent with the form.
    ///   - code: what was typed, where it is still good.
    init(
        name typed: String, code: String? = nil, _ customs: CodeCustoms, _ place: ForgottenPlace,
        refusal: Refusal? = nil
    ) {
        title = place.title.map(Texts.Forgot.codeTitle) ?? Texts.Forgot.codeTitle
        introduction = Texts.Forgot.codeIntroduction(customs)
        action = place.code.path
        again = PageLink(Texts.Forgot.again, place.request)
        var codeError: String?
        switch refusal {
        case .code:
            codeError = Texts.Forgot.wrongCode
            banner = Banner(Texts.Forgot.codeRefused, .bad, lines: Texts.Forgot.codeRefusedHelp)
        case .policy(let violations):
            banner = Banner(
                Texts.ChangePassword.refused, .bad, lines: violations.map(\.message) + [Texts.Forgot.codeStays])
        case .later(let problem):
            let isReserved = problem.kind == .unavailable
            let said = isReserved ? Texts.Problems.proofReserved : Texts.Problems.programUnavailable
            let next = isReserved ? [] : [Texts.Problems.help(for: problem.kind)]
            banner = Banner(said[0], .bad, lines: Array(said.dropFirst()) + next)
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
            ] + NewPasswordForm.fields(place.policy, differ: refusal.isMismatch)
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
        for (step, code) in [
            (SiteURL.forgotPassword, SiteURL.resetCode), (.forgotPasswordIn(":app"), .resetCodeIn(":app")),
        ] {
            visitors.on(.get, step.path, use: show)
            visitors.on(.post, step.path, use: request)
            visitors.on(.get, code.path, use: showCode)
            trying.on(.post, code.path, use: reset)
        }
        visitors.on(.get, SiteURL.resetIn(":app").path, use: done)
    }

    @Sendable private func show(_ request: Request, _ context: VisitorContext) async throws -> Response {
        pages.response(ForgotPasswordPage(flows.pages.customs, try place(context)), for: context.browser)
    }

    @Sendable private func request(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let place = try place(context)
        let form = try await FormBody.read(NameForm.self, request)
        try await flows.recovery.request(name: form.username, app: place.app, address: context.address)
        var response = Response.seeOther(place.code)
        response.setCookie(
            cookies.keeping(try flows.pages.steps.keep(form.username, for: .forgottenName), for: .forgottenName))
        return response
    }

    @Sendable private func showCode(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let name = cookies.step(.forgottenName, request).flatMap { flows.pages.steps.open($0, for: .forgottenName) }
        return pages.response(
            ResetCodePage(name: name ?? "", flows.pages.customs, try place(context)), for: context.browser)
    }

    @Sendable private func reset(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let place = try place(context)
        let form = try await FormBody.read(CodeForm.self, request)
        func refused(_ refusal: ResetCodePage.Refusal) -> Response { self.refused(refusal, form, place, context) }
        guard form.new.password.isEqual(to: form.confirmation.password) else { return refused(.differ) }
        do {
            _ = try await flows.recovery.resetWithCode(
                ResetWithCode.Request(
                    name: form.username, code: form.code, password: form.new.password, app: place.app,
                    address: context.address))
        } catch let error as RecoveryError where error.code == .policy {
            return refused(.policy(error.violations))
        } catch let error as RecoveryError where error.code == .invalidCode {
            return refused(.code)
        } catch let error as RecoveryError where error.code == .appUnavailable || error.code == .proofReserved {
            // Whoever runs this server finds the cause in its log.
            context.logger.error("a reset by a code had to wait", metadata: ["cause": "\(error)"])
            return refused(.later(Problem(error)))
        }
        var response = Response.seeOther(place.done)
        response.setCookie(cookies.ending(.forgottenName))
        return response
    }

    @Sendable private func done(_ request: Request, _ context: VisitorContext) async throws -> Response {
        guard let title = try place(context).title else { return .seeOther(.login) }
        return pages.response(AppResetPage(title), for: context.browser)
    }

    private func place(_ context: VisitorContext) throws -> ForgottenPlace {
        try ForgottenPlace(flows.recovery.directories, context)
    }

    private func refused(
        _ refusal: ResetCodePage.Refusal, _ form: CodeForm, _ place: ForgottenPlace, _ context: VisitorContext
    ) -> Response {
        var code: String? = form.code
        if case .code = refusal { code = nil }
        let page = ResetCodePage(name: form.username, code: code, flows.pages.customs, place, refusal: refusal)
        var response = pages.response(page, for: context.browser, status: refusal.status)
        if case .later(let problem) = refusal {
            for field in problem.headers { response.headers[field.name] = field.value }
        }
        return response
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
