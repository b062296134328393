import Hummingbird
import PasswordHashing
import Sparekey

/// `/change-password`: by the owner's own wish, or because nothing else is possible before (PMX-2).
struct ChangePasswordPage: Page {
    static let template = "change-password"
    let title: String
    let introduction: String
    let person: PagePerson?
    let banner: Banner?
    let action = SiteURL.changePassword.path
    /// For password managers, which save the new password under it.
    let username: String
    let current: Field
    let new: Field
    let confirmation: Field
    let submit: SubmitButton
    /// Leads back; nil while there is no way around it.
    let cancel: PageLink?

    enum Refusal: Sendable {
        case wrongCurrent
        case differ
        case policy([PolicyViolation])
    }

    init(_ caller: SignedIn, policy: PasswordPolicy, refusal: Refusal? = nil) {
        typealias Text = Texts.ChangePassword
        let isForced = caller.account.requirePasswordChange
        title = isForced ? Text.forcedTitle : Text.title
        introduction = isForced ? Text.forcedIntroduction : Text.introduction
        person = PagePerson(caller)
        username = caller.account.username
        var wrongCurrent: String?
        var differ: String?
        switch refusal {
        case .wrongCurrent:
            banner = nil
            wrongCurrent = Text.wrongCurrent
        case .differ:
            banner = nil
            differ = Texts.Form.passwordsDiffer
        case .policy(let violations): banner = Banner(Text.refused, .bad, lines: violations.map(\.message))
        case nil: banner = nil
        }
        current = Field(
            "current-password", label: isForced ? Text.forcedCurrent : Text.current, purpose: .currentPassword,
            error: wrongCurrent, isFirst: true)
        new = Field(
            "new-password", label: Text.new, purpose: .newPassword, requirements: Requirements(policy))
        confirmation = Field(
            "confirm-password", label: Text.confirmation, purpose: .newPassword, error: differ)
        submit = SubmitButton(isForced ? Text.forcedButton : Text.button)
        cancel = isForced ? nil : PageLink(Text.cancel, .account)
    }
}

struct ChangePasswordRoutes: Sendable {
    let flows: ServerFlows
    let pages: PageRenderer
    let cookies: BrowserCookies

    func add(to signedIn: RouteTable<SignedInContext>) {
        signedIn.on(.get, SiteURL.changePassword.path, use: show)
        signedIn.on(.post, SiteURL.changePassword.path, use: change)
    }

    @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
        pages.response(ChangePasswordPage(context.caller, policy: flows.pages.policy), for: context.browser)
    }

    @Sendable private func change(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await FormBody.read(ChangePasswordForm.self, request)
        guard form.new.password.isEqual(to: form.confirmation.password) else { return refused(.differ, context) }
        do {
            let secret = try await flows.pages.changePassword(
                of: context.caller, current: form.current.password, new: form.new.password, address: context.address)
            var response = Response.seeOther(.accountAfter(.passwordChanged))
            response.setCookie(cookies.keeping(secret))
            return response
        } catch let error as RecoveryError where error.code == .policy {
            return refused(.policy(error.violations), context)
        } catch let error as RecoveryError where error.code == .wrongCurrentPassword {
            return refused(.wrongCurrent, context)
        }
    }

    private func refused(_ refusal: ChangePasswordPage.Refusal, _ context: SignedInContext) -> Response {
        let page = ChangePasswordPage(context.caller, policy: flows.pages.policy, refusal: refusal)
        var status = ProblemKind.passwordRefused.status
        if case .wrongCurrent = refusal { status = ProblemKind.wrongCurrentPassword.status }
        return pages.response(page, for: context.browser, status: status)
    }
}

private struct ChangePasswordForm: Decodable, Sendable {
    let current: PasswordField
    let new: PasswordField
    let confirmation: PasswordField

    enum CodingKeys: String, CodingKey {
        case current = "current-password"
        case new = "new-password"
        case confirmation = "confirm-password"
    }
}
