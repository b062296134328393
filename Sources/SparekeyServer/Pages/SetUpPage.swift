import Hummingbird
import PasswordHashing
import Sparekey
import Synchronization

/// `/setup/new`: the first administrator (LST-4), by the link that the server printed.
struct SetUpPage: Page {
    static let template = "new-password"
    let title = Texts.SetUp.title
    let introduction = Texts.SetUp.introduction
    let banner: Banner?
    let action = SiteURL.setUp.path
    let fields: [Field]
    let submit = SubmitButton(Texts.SetUp.button)

    /// What is wrong, by the field it is wrong in.
    struct Refusal: Sendable, Error {
        var errors: [String: String] = [:]
        var violations: [PolicyViolation] = []
        var isMismatch = false
    }

    fileprivate init(_ form: SetUpForm?, policy: PasswordPolicy, refusal: Refusal = Refusal()) {
        let lines = refusal.violations.map(\.message)
        banner = lines.isEmpty ? nil : Banner(Texts.ChangePassword.refused, .bad, lines: lines)
        func field(_ id: String, _ label: String, hint: String?, _ value: String?, isRequired: Bool = true) -> Field {
            Field(
                id, label: label, purpose: id == "username" ? .username : .off, hint: hint, error: refusal.errors[id],
                value: value, isFirst: id == "email", isRequired: isRequired)
        }
        typealias Text = Texts.SetUp
        fields =
            [
                field("email", Text.email, hint: Text.emailHint, form?.email),
                field("username", Texts.Account.username, hint: Text.usernameHint, form?.username, isRequired: false),
                field("display-name", Text.displayName, hint: nil, form?.displayName, isRequired: false),
                field("domain", Text.domain, hint: Text.domainHint, form?.domain),
            ] + NewPasswordForm.fields(policy, differ: refusal.isMismatch)
    }
}

struct SetUpRoutes: Sendable {
    let flows: ServerFlows
    let pages: PageRenderer
    let cookies: BrowserCookies

    func add(to visitors: RouteTable<VisitorContext>, trying: RouteTable<VisitorContext>) {
        visitors.on(.get, SiteURL.setUp.path, use: open)
        visitors.on(.post, SiteURL.setUpToken.path, use: carry)
        visitors.on(.get, SiteURL.newSetUp.path, use: show)
        trying.on(.post, SiteURL.setUp.path, use: create)
    }

    @Sendable private func open(_ request: Request, _ context: VisitorContext) async throws -> Response {
        guard try await flows.pages.setUp.isAwaited() else { return .seeOther(.login) }
        return pages.response(TokenStepPage.setUp, for: context.browser)
    }

    @Sendable private func carry(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let token = try await FormBody.read(TokenForm.self, request).pasted
        do {
            try await flows.pages.setUp.check(token, address: context.address)
        } catch let error as RecoveryError where error.code == .invalidToken {
            return spent(context)
        }
        var response = Response.seeOther(.newSetUp)
        response.setCookie(cookies.keeping(try flows.pages.steps.keep(token, for: .setUpToken), for: .setUpToken))
        return response
    }

    @Sendable private func show(_ request: Request, _ context: VisitorContext) async throws -> Response {
        guard token(request) != nil, try await flows.pages.setUp.isAwaited() else { return .seeOther(.setUp) }
        return pages.response(SetUpPage(nil, policy: flows.pages.policy), for: context.browser)
    }

    @Sendable private func create(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let form = try await FormBody.read(SetUpForm.self, request)
        guard let token = token(request) else { return spent(context) }
        do {
            _ = try await flows.pages.setUp(form.read(token: token, address: context.address))
        } catch let refusal as SetUpPage.Refusal {
            return refused(refusal, form, context)
        } catch let error as RecoveryError where error.code == .policy {
            return refused(SetUpPage.Refusal(violations: error.violations), form, context)
        } catch let error as RecoveryError where error.code == .invalidToken || error.code == .notAllowed {
            return spent(context)
        }
        var response = Response.seeOther(.loginAfter(.setUp))
        response.setCookie(cookies.ending(.setUpToken))
        return response
    }

    private func token(_ request: Request) -> String? {
        cookies.step(.setUpToken, request).flatMap { flows.pages.steps.open($0, for: .setUpToken) }
    }

    private func spent(_ context: VisitorContext) -> Response {
        var response = pages.response(
            SpentLinkPage.setUp, for: context.browser, status: ProblemKind.invalidResetToken.status)
        response.setCookie(cookies.ending(.setUpToken))
        return response
    }

    private func refused(_ refusal: SetUpPage.Refusal, _ form: SetUpForm, _ context: VisitorContext) -> Response {
        pages.response(
            SetUpPage(form, policy: flows.pages.policy, refusal: refusal), for: context.browser,
            status: ProblemKind.passwordRefused.status)
    }
}

private struct SetUpForm: Decodable, Sendable {
    let email: String
    let username: String
    let displayName: String
    let domain: String
    let new: PasswordField
    let confirmation: PasswordField

    enum CodingKeys: String, CodingKey {
        case email, username, domain
        case displayName = "display-name"
        case new = "new-password"
        case confirmation = "confirm-password"
    }

    /// - Throws: ``SetUpPage/Refusal`` with all that is wrong.
    func read(token: String, address: String?) throws -> SetUpWithLink.Request {
        var refusal = SetUpPage.Refusal(isMismatch: !new.password.isEqual(to: confirmation.password))
        func reading<Value>(_ id: String, _ read: () throws(RecoveryError) -> Value) -> Value? {
            do { return try read() } catch {
                refusal.errors[id] = Texts.SetUp.refused(error)
                return nil
            }
        }
        let email = reading("email") { () throws(RecoveryError) in try EmailAddress(self.email) }
        let isLeftOut = self.username.allSatisfy(\.isWhitespace)
        let username = reading("username") { () throws(RecoveryError) in
            try Username(isLeftOut ? email.map(Username.proposed) ?? "admin" : self.username)
        }
        let domain = reading("domain") { () throws(RecoveryError) in try InstanceDomain(self.domain) }
        guard let email, let username, let domain, !refusal.isMismatch else { throw refusal }
        return SetUpWithLink.Request(
            token: token, email: email, username: username, displayName: displayName, domain: domain,
            password: new.password, address: address)
    }
}

/// Leads to set-up while there is nobody to sign in as. Once somebody is, it asks no more.
///
/// People of an attached program are no accounts of ours: where they ask for a code and use a code or a link, nobody has to be
/// set up (APP-8).
struct SetUpFirst: RouterMiddleware {
    typealias Context = VisitorContext

    let setUp: SetUpWithLink
    private let isOver = Over()

    init(setUp: SetUpWithLink) {
        self.setUp = setUp
    }

    func handle(
        _ request: Request, context: VisitorContext, next: (Request, VisitorContext) async throws -> Response
    ) async throws -> Response {
        guard request.method == .get || request.method == .head, !isOver.flag.load(ordering: .relaxed) else {
            return try await next(request, context)
        }
        if Self.isOfPrograms(request.uri.path) { return try await next(request, context) }
        if try await setUp.isAwaited() { return .seeOther(.setUp) }
        isOver.flag.store(true, ordering: .relaxed)
        return try await next(request, context)
    }

    private static func isOfPrograms(_ path: String) -> Bool {
        path.hasPrefix(SiteURL.forgotPassword.path + "/") && path != SiteURL.resetCode.path
            || path.hasPrefix(SiteURL.resetPassword.path)
    }

    private final class Over: Sendable {
        let flag = Atomic(false)
    }
}
