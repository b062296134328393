import Hummingbird
import Logging
import Sparekey

/// All routes, and what stands before them.
struct APIRouter {
    let flows: ServerFlows
    let metrics: ServerMetrics
    let addresses: CallerAddress
    let book: ConnectionBook
    let databaseIdentity: String
    let logger: Logger

    /// What the network reaches.
    ///
    /// - Parameter known: empty; then it knows every route.
    func network(known: KnownRoutes = KnownRoutes()) -> RouterResponder<VisitorContext> {
        let router = Router(context: VisitorContext.self, options: [.autoGenerateHeadEndpoints])
        let pages = PageRenderer()
        let cookies = BrowserCookies(place: flows.place)
        let forms = FormGuard(tokens: flows.pages.formTokens, place: flows.place)
        router.add(
            middleware: ProblemMiddleware(
                addresses: addresses, metrics: metrics, place: flows.place, needsAddress: true,
                problemPages: ProblemPages(pages: pages, known: known), logger: logger))
        let open = RouteTable<VisitorContext>(router, known: known)
        let sessions = SessionMiddleware(resume: flows.resumeSession, cookies: cookies, forms: forms)
        var listening = sessions
        listening.isUse = false
        let visitors = open.adding(sessions)
        let signedIn = visitors.narrowed(to: SignedInContext.self)
        let free = signedIn.narrowed(to: FreeContext.self)
        let administrators = free.narrowed(to: AdministratorContext.self)
        HealthRoutes(flows: flows).add(to: open)
        MetricsRoutes(flows: flows, metrics: metrics, book: book).add(to: open)
        AuthRoutes(flows: flows, book: book).add(to: open, signedIn: signedIn)
        SessionRoutes(flows: flows).add(to: free)
        UserRoutes(flows: flows).add(to: administrators)
        UserResetRoutes(flows: flows).add(to: administrators)
        PasswordResetRoutes(flows: flows.recovery).add(to: open)
        ResetRequestRoutes(flows: flows.recovery, admit: flows.admitAdministrator, clock: flows.clock)
            .add(to: administrators)
        ResetRequestEvents(
            flows: flows.recovery, resume: flows.resumeSession, cookies: cookies, watch: flows.watch, clock: flows.clock
        )
        .add(
            to: open.adding(listening).narrowed(to: SignedInContext.self).narrowed(to: FreeContext.self)
                .narrowed(to: AdministratorContext.self))
        AuditRoutes(flows: flows).add(to: administrators)
        AppRoutes(flows: flows).add(to: administrators)
        RefreshRoutes(flows: flows).add(to: open)
        if let sync = flows.sync { SyncRoutes(sync: sync, book: book).add(to: open) }
        PageRoutes(flows: flows, book: book, pages: pages, cookies: cookies, forms: forms).add(to: open)
        known.refuseOtherMethods(router)
        return router.buildResponder()
    }

    /// What the Unix socket answers. Whoever reaches it is the data folder's owner or root.
    static func local(flows: ServerFlows, databaseIdentity: String, logger: Logger) -> RouterResponder<VisitorContext> {
        let router = Router(context: VisitorContext.self)
        router.add(
            middleware: ProblemMiddleware(
                addresses: CallerAddress(trusted: []), metrics: ServerMetrics(), place: nil, needsAddress: false,
                problemPages: nil,
                logger: logger))
        router.get("/identity") { _, _ in
            JSONAnswer.response(Identity(database: databaseIdentity))
        }
        router.post("/api/admin/refresh-user") { request, _ in
            try await RefreshRoutes.refresh(JSONBody.read(RefreshBody.self, request), flows)
        }
        return router.buildResponder()
    }

    private struct Identity: Encodable {
        let database: String
    }
}
