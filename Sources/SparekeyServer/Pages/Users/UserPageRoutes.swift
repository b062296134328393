import Hummingbird
import Sparekey

/// The forms of an account's page; each ends in the flow that the API's call ends in.
struct UserPageRoutes: Sendable {
    let flows: ServerFlows
    let pages: PageRenderer

    func add(to administrators: RouteTable<AdministratorContext>) {
        administrators.on(.get, SiteURL.user(":id", .edit).path, use: show)
        administrators.on(.post, SiteURL.user(":id", .edit).path, use: save)
        administrators.on(.get, SiteURL.user(":id", .delete).path, use: showDelete)
        administrators.on(.post, SiteURL.user(":id", .delete).path, use: delete)
        for act in UserAct.allCases where act != .saved {
            administrators.on(.post, SiteURL.userAct(":id", act).path) { request, context in
                try await perform(act, request, context)
            }
        }
    }

    @Sendable private func show(_ request: Request, _ context: AdministratorContext) async throws -> Response {
        try context.caller.requireMayAct(at: flows.clock.now)
        let account = try await flows.account(context)
        let done = request.uri.queryParameters["done"].flatMap { UserAct(rawValue: String($0)) }
        return try await page(account, context, banner: done.map { Banner(Texts.User.done($0), .good) })
    }

    @Sendable private func save(_ request: Request, _ context: AdministratorContext) async throws -> Response {
        let form = try await FormBody.read(UserForm.self, request)
        let administrator = try await context.acting(flows.admitAdministrator)
        let account = try await flows.account(context)
        guard form.givenEmail != nil || account.email == nil else {
            return try await page(
                account, context, form: form, banner: Banner(Texts.User.emailStays, .bad), status: .badRequest)
        }
        let isOwn = account.id == context.caller.account.id
        let role: AccountRole = form.isAdministrator ? .admin : .user
        do {
            _ = try await flows.manageAccounts.change(
                account, username: form.username == account.username ? nil : form.username,
                email: form.givenEmail == account.email ? nil : form.givenEmail,
                displayName: form.displayName == account.displayName ? nil : form.displayName,
                role: isOwn || role == account.role ? nil : role, active: nil, by: administrator)
            return .seeOther(.userAfter(account.id, .saved))
        } catch let error as RecoveryError where error.isForTheForm {
            return try await refused(error, account, context, form: form)
        }
    }

    private func perform(
        _ act: UserAct, _ request: Request, _ context: AdministratorContext
    ) async throws -> Response {
        let administrator = try await context.acting(flows.admitAdministrator)
        let account = try await flows.account(context)
        do {
            switch act {
            case .saved: break
            case .disable, .enable:
                _ = try await flows.manageAccounts.change(
                    account, username: nil, email: nil, displayName: nil, role: nil, active: act == .enable,
                    by: administrator)
            case .unlock: try await flows.manageAccounts.unlock(account, by: administrator)
            case .endSessions: try await flows.endSession.all(of: account, by: administrator)
            case .requireChange: try await flows.manageAccounts.requireChange(account, by: administrator)
            }
            return .seeOther(.userAfter(account.id, act))
        } catch let error as RecoveryError where error.isForTheForm {
            return try await refused(error, account, context)
        }
    }

    @Sendable private func showDelete(_ request: Request, _ context: AdministratorContext) async throws -> Response {
        try context.caller.requireMayAct(at: flows.clock.now)
        let account = try await flows.account(context)
        try context.caller.requireOther(account)
        let page = DeleteUserPage(context.caller, account, try await standing(account))
        return pages.response(page, for: context.browser)
    }

    @Sendable private func delete(_ request: Request, _ context: AdministratorContext) async throws -> Response {
        let administrator = try await context.acting(flows.admitAdministrator)
        let account = try await flows.account(context)
        do {
            try await flows.manageAccounts.remove(account, by: administrator)
            return .seeOther(.usersAfter(.deleted))
        } catch let error as RecoveryError where error.isForTheForm {
            return try await refused(error, account, context)
        }
    }

    private func refused(
        _ error: RecoveryError, _ account: Account, _ context: AdministratorContext, form: UserForm? = nil
    ) async throws -> Response {
        let problem = Problem(error)
        return try await page(
            account, context, form: form, banner: Banner(Texts.User.refused, .bad, lines: [problem.detail]),
            status: problem.kind.status)
    }

    private func page(
        _ account: Account, _ context: AdministratorContext, form: UserForm? = nil, banner: Banner?,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let page = UserPage(
            context.caller, account, try await standing(account), form: form, banner: banner, now: flows.clock.now)
        return pages.response(page, for: context.browser, status: status)
    }

    private func standing(_ account: Account) async throws -> AccountStanding {
        AccountStanding(
            sessions: try await flows.sessions.sessions(of: account).count,
            limits: try await flows.manageAccounts.limits(of: account))
    }
}

extension ServerFlows {
    /// The account that the address names.
    ///
    /// - Throws: ``Problem`` 404.
    func account(_ context: AdministratorContext) async throws -> Account {
        guard let account = try await register.find(id: try context.parameters.require("id")) else {
            throw Problem(.notFound, "There is no such account.")
        }
        return account
    }
}

extension RecoveryError {
    /// Whether the page that a form is on says what is wrong; everything else is a page of its own.
    var isForTheForm: Bool { [.taken, .malformed, .notAllowed, .policy].contains(code) }
}
