import Hummingbird
import PasswordHashing
import Sparekey

/// An administrator's reset and new accounts: whatever ends in something that is shown once.
struct ResetUserRoutes: Sendable {
    let flows: ServerFlows
    let pages: PageRenderer
    let pace = StrengthPace()

    func add(to administrators: RouteTable<AdministratorContext>) {
        administrators.on(.get, SiteURL.newUser.path, use: showNew)
        administrators.on(.post, SiteURL.newUser.path, use: addUser)
        administrators.on(.get, SiteURL.user(":id", .reset).path, use: show)
        administrators.on(.post, SiteURL.user(":id", .reset).path, use: reset)
        administrators.on(.post, SiteURL.strength(":id").path, use: judge)
    }

    @Sendable private func show(_ request: Request, _ context: AdministratorContext) async throws -> Response {
        try context.caller.requireMayAct(at: flows.clock.now)
        let account = try await flows.account(context)
        try context.caller.requireOther(account)
        return try await form(account, context)
    }

    @Sendable private func reset(_ request: Request, _ context: AdministratorContext) async throws -> Response {
        let form = try await FormBody.read(ResetForm.self, request)
        let administrator = try await context.acting(flows.admitAdministrator)
        let account = try await flows.account(context)
        try administrator.requireOther(account)
        do {
            let once = flows.pages.formsOfOneUse
            let page = try await once.once(form.mark, for: account, in: context.caller.session) {
                try await handover(form, account, administrator, context)
            }
            guard let page else {
                return try await self.form(account, context, refusal: Texts.Reset.usedForm, status: .conflict)
            }
            return pages.response(page, for: context.browser)
        } catch let error as RecoveryError where error.isForTheForm {
            let problem = Problem(error)
            let lines = problem.violations.isEmpty ? [problem.detail] : problem.violations.map(\.message)
            return try await self.form(
                account, context, refusal: Texts.Reset.refused, lines: lines, status: problem.kind.status)
        }
    }

    private func handover(
        _ form: ResetForm, _ account: Account, _ administrator: ActingAdministrator, _ context: AdministratorContext
    ) async throws -> HandoverPage {
        let now = flows.clock.now
        switch form.way {
        case .link: return try await link(account, administrator, context, isNew: false)
        case .generate:
            let (report, password) = try await flows.resetForAnother.generate(
                for: account, by: administrator, reason: nil)
            return HandoverPage(context.caller, report, password: password.shownOnce, now: now)
        case .password:
            guard let field = form.password else {
                throw Problem(.malformedRequest, "The field new-password is missing.")
            }
            let report = try await flows.resetForAnother.set(
                field.password, of: account, by: administrator, reason: nil)
            return HandoverPage(context.caller, report, password: field.typedText, now: now)
        }
    }

    private func link(
        _ account: Account, _ administrator: ActingAdministrator, _ context: AdministratorContext, isNew: Bool
    ) async throws -> HandoverPage {
        let (token, expiresAt) = try await flows.resetForAnother.link(for: account, by: administrator, reason: nil)
        return HandoverPage(
            context.caller, account, link: flows.links.resetPassword(token: token.shownOnce), expiresAt: expiresAt,
            now: flows.clock.now, isNew: isNew)
    }

    private func form(
        _ account: Account, _ context: AdministratorContext, refusal: String? = nil, lines: [String] = [],
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let page = ResetUserPage(
            context.caller, account,
            mark: try await flows.pages.formsOfOneUse.mark(for: account, in: context.caller.session),
            policy: flows.pages.policy, takesPassword: flows.resetForAnother.allowsPasswords,
            banners: refusal.map { [Banner($0, .bad, lines: lines)] } ?? [])
        return pages.response(page, for: context.browser, status: status)
    }
}

/// New accounts.
extension ResetUserRoutes {
    @Sendable private func showNew(_ request: Request, _ context: AdministratorContext) async throws -> Response {
        try context.caller.requireMayAct(at: flows.clock.now)
        return pages.response(newPage(context), for: context.browser)
    }

    @Sendable private func addUser(_ request: Request, _ context: AdministratorContext) async throws -> Response {
        let form = try await FormBody.read(NewUserForm.self, request)
        let administrator = try await context.acting(flows.admitAdministrator)
        let isLink = form.way != "password" || !flows.resetForAnother.allowsPasswords
        do {
            let account = try await flows.manageAccounts.add(
                username: form.username, email: form.email.flatMap { $0.isEmpty ? nil : $0 },
                displayName: form.displayName.flatMap { $0.isEmpty ? nil : $0 },
                role: form.admin == "yes" ? .admin : .user,
                password: isLink ? nil : form.password?.password ?? Password(utf8: ""), by: administrator)
            if isLink { return try await handLink(toNew: account, administrator, context) }
            let page = HandoverPage(
                context.caller, added: account, password: form.password?.typedText ?? "", now: flows.clock.now)
            return pages.response(page, for: context.browser, status: .created)
        } catch let error as RecoveryError where error.isForTheForm {
            let problem = Problem(error)
            let lines = problem.violations.isEmpty ? [problem.detail] : problem.violations.map(\.message)
            let page = newPage(context, form: form, banner: Banner(Texts.NewUser.refused, .bad, lines: lines))
            return pages.response(page, for: context.browser, status: problem.kind.status)
        }
    }

    /// The account is there from here on. Whatever keeps its link from being made, the answer says so, and where to make one.
    private func handLink(
        toNew account: Account, _ administrator: ActingAdministrator, _ context: AdministratorContext
    ) async throws -> Response {
        do {
            let page = try await link(account, administrator, context, isNew: true)
            return pages.response(page, for: context.browser, status: .created)
        } catch {
            let problem = Problem(error)
            throw Problem(
                problem.kind, Texts.NewUser.addedWithoutLink(account.username), retryAfter: problem.retryAfter)
        }
    }

    private func newPage(
        _ context: AdministratorContext, form: NewUserForm? = nil, banner: Banner? = nil
    ) -> NewUserPage {
        NewUserPage(
            context.caller, policy: flows.pages.policy, takesPassword: flows.resetForAnother.allowsPasswords,
            form: form, banner: banner)
    }
}

/// The meter under the field, while somebody types.
extension ResetUserRoutes {
    @Sendable private func judge(_ request: Request, _ context: AdministratorContext) async throws -> Response {
        let form = try await FormBody.read(StrengthForm.self, request)
        try context.caller.requireMayAct(at: flows.clock.now)
        let account = try await flows.account(context)
        try context.caller.requireOther(account)
        guard pace.admits(context.caller.session.id, now: flows.clock.now) else {
            throw Problem(.tooManyRequests, retryAfter: .seconds(60))
        }
        let strength = flows.resetForAnother.strength(of: form.password.password, for: account)
        return JSONAnswer.response(StrengthDocument(strength))
    }
}

private struct ResetForm: Decodable, Sendable {
    enum Way: String, Decodable {
        case link
        case generate
        case password
    }

    let way: Way
    let mark: String
    let password: PasswordField?

    enum CodingKeys: String, CodingKey {
        case way, mark
        case password = "new-password"
    }
}

private struct StrengthForm: Decodable, Sendable {
    let password: PasswordField

    enum CodingKeys: String, CodingKey {
        case password = "new-password"
    }
}

private struct StrengthDocument: Encodable, Sendable {
    let level: Int
    let label: String
    let advice: [String]

    init(_ strength: PasswordStrength) {
        level = strength.level.rawValue
        label = Texts.Reset.level(strength.level)
        advice = strength.advice
    }
}

extension PasswordField {
    /// What an administrator typed, shown back to the same administrator once (PMX-5).
    fileprivate var typedText: String {
        password.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }
}
