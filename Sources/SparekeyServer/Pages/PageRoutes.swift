import Hummingbird

/// All pages: a page is a file beside this one, a template, and a line here.
struct PageRoutes: Sendable {
    let flows: ServerFlows
    let book: ConnectionBook
    let pages: PageRenderer
    let cookies: BrowserCookies
    let forms: FormGuard

    /// - Parameter open: what everybody reaches; each page narrows it to whom it is for.
    func add(to open: RouteTable<VisitorContext>) {
        let browser = BrowserMiddleware(
            cookies: cookies, resume: flows.resumeSession, forms: forms, random: flows.pages.random)
        let arriving = open.pages.adding(browser)
        let visitors = arriving.adding(SetUpFirst(setUp: flows.pages.setUp))
        let signedIn = visitors.narrowed(to: SignedInContext.self)
        let free = signedIn.narrowed(to: FreeContext.self)
        pages.assets.add(to: open)
        HomeRoutes().add(to: visitors)
        LoginRoutes(flows: flows, pages: pages, cookies: cookies).add(
            to: visitors, trying: visitors.adding(CancelOnDisconnect(book: book)), signedIn: signedIn)
        ChangePasswordRoutes(flows: flows, pages: pages, cookies: cookies).add(to: signedIn)
        ForgotPasswordRoutes(flows: flows, pages: pages, cookies: cookies).add(
            to: visitors, trying: visitors.adding(CancelOnDisconnect(book: book)))
        ResetPasswordRoutes(flows: flows, pages: pages, cookies: cookies, browser: browser).add(
            to: visitors, trying: visitors.adding(CancelOnDisconnect(book: book)), open: open)
        SetUpRoutes(flows: flows, pages: pages, cookies: cookies).add(
            to: arriving, trying: arriving.adding(CancelOnDisconnect(book: book)))
        AccountRoutes(flows: flows, pages: pages).add(to: free)
        let administrators = free.narrowed(to: AdministratorContext.self)
        UsersRoutes(flows: flows, pages: pages).add(to: administrators)
        UserPageRoutes(flows: flows, pages: pages).add(to: administrators)
        ResetUserRoutes(flows: flows, pages: pages).add(to: administrators)
        RequestsRoutes(flows: flows, pages: pages).add(to: administrators)
        AuditTrailRoutes(flows: flows, pages: pages).add(to: administrators)
        AppsPageRoutes(flows: flows, pages: pages).add(to: administrators)
    }
}
