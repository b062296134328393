import Hummingbird
import Sparekey

/// The inbox's forms. Each ends in ``DecideCodeRequest``, as the API's calls and the commands do.
struct RequestsRoutes: Sendable {
    let flows: ServerFlows
    let pages: PageRenderer

    private static let pageSize = 30

    func add(to administrators: RouteTable<AdministratorContext>) {
        administrators.on(.get, SiteURL.requests.path, use: show)
        administrators.on(.post, SiteURL.approveRequest.path, use: approve)
        administrators.on(.post, SiteURL.denyRequest.path, use: deny)
        administrators.on(.post, SiteURL.revealRequest.path, use: reveal)
    }

    @Sendable private func show(_ request: Request, _ context: AdministratorContext) async throws -> Response {
        let query = request.uri.queryParameters
        let notice = query["done"].flatMap { SiteURL.RequestNotice(rawValue: String($0)) }
        let banner = notice.map { Banner(Texts.Requests.notice($0), .good) }
        return try await list(before: query["before"].flatMap { Int64($0) }, banner: banner, .ok, context)
    }

    @Sendable private func approve(_ request: Request, _ context: AdministratorContext) async throws -> Response {
        try await deciding(request, context) { number, administrator in
            _ = try await flows.recovery.decide.approve(number, actor: administrator.actor, reason: nil)
            return .seeOther(.requestsAfter(.approved))
        }
    }

    @Sendable private func deny(_ request: Request, _ context: AdministratorContext) async throws -> Response {
        try await deciding(request, context) { number, administrator in
            _ = try await flows.recovery.decide.deny(number, actor: administrator.actor, reason: nil)
            return .seeOther(.requestsAfter(.denied))
        }
    }

    @Sendable private func reveal(_ request: Request, _ context: AdministratorContext) async throws -> Response {
        try await deciding(request, context) { number, administrator in
            let (found, code) = try await flows.recovery.decide.reveal(
                number, actor: administrator.actor, reason: nil)
            let page = RevealedCodePage(context.caller, found, code.shownOnce, now: flows.clock.now)
            return pages.response(page, for: context.browser)
        }
    }

    /// A sign-in that is too old is renewed and leads back; what somebody else has decided meanwhile is said above the list.
    private func deciding(
        _ request: Request, _ context: AdministratorContext,
        _ act: (Int64, ActingAdministrator) async throws -> Response
    ) async throws -> Response {
        let form = try await FormBody.read(DecisionForm.self, request)
        do {
            return try await act(form.request, try await context.acting(flows.admitAdministrator))
        } catch let error as RecoveryError where error.code == .signInTooOld {
            return .seeOther(.loginThen(.requests))
        } catch let error as RecoveryError where error.code == .ownAccount {
            return try await list(banner: Banner(Texts.Requests.own, .bad), ProblemKind.ownAccount.status, context)
        } catch let error as RecoveryError where error.code == .requestClosed {
            let banner = Banner(Problem(error).detail, .bad, lines: [Texts.Requests.closedHelp])
            return try await list(banner: banner, ProblemKind.requestClosed.status, context)
        }
    }

    private func list(
        before: Int64? = nil, banner: Banner?, _ status: HTTPResponse.Status, _ context: AdministratorContext
    ) async throws -> Response {
        let now = flows.clock.now
        let rows = try await flows.recovery.inbox.requests(before: before, limit: Self.pageSize + 1, now: now)
        let page = RequestsPage(
            context.caller, Array(rows.prefix(Self.pageSize)), before: before, hasOlder: rows.count > Self.pageSize,
            banner: banner, now: now)
        return pages.response(page, for: context.browser, status: status)
    }
}

private struct DecisionForm: Decodable, Sendable {
    let request: Int64
}
