import Hummingbird
import Sparekey

/// A refusal as a page, for somebody who is locked out and worried.
struct ProblemPage: Page {
    static let template = "problem"
    let title: String
    /// nil where it only repeats the title.
    let detail: String?
    let help: String
    let retryText: String?
    /// What can be done instead.
    let instead: PageLink?
    let home = PageLink(Texts.Problems.home, .home)

    init(_ problem: Problem) {
        title = problem.kind.title
        detail = problem.detail == problem.kind.title + "." ? nil : problem.detail
        help = Texts.Problems.help(for: problem.kind)
        instead = problem.kind == .ownAccount ? PageLink(Texts.Users.ownPassword, .changePassword) : nil
        retryText = problem.retryAfter.map { Texts.Problems.retry(seconds: $0.components.seconds) }
    }
}

/// Chooses what a refusal looks like: a page for people, a problem document for programs (``Problem/response``).
struct ProblemPages: Sendable {
    let pages: PageRenderer
    let known: KnownRoutes

    /// - Parameter path: of the route, as the router wrote it into the context.
    /// - Returns: nil where a program asked.
    func response(_ problem: Problem, to request: Request, path: String?) -> Response? {
        guard isForPeople(request, path) else { return nil }
        switch problem.kind {
        case .notSignedIn: return .seeOther(wayIn(request))
        case .mustChangePassword: return .seeOther(.changePassword)
        case .signInTooOld:
            return .seeOther(.loginThen(SiteURL.Destination(path: request.uri.path) ?? .users))
        default: break
        }
        var response = pages.response(ProblemPage(problem), for: Browser(), status: problem.kind.status)
        for field in problem.headers { response.headers[field.name] = field.value }
        return response
    }

    /// An address that nobody knows is a page for a browser, unless it looks like a call.
    private func isForPeople(_ request: Request, _ path: String?) -> Bool {
        if let path, known.isPage(path) {
            // Where programs call as well, they post everything but a form.
            return request.method == .post && known.isCall(path) ? request.isForm : !request.isJSON
        }
        guard !request.uri.path.hasPrefix("/api"), path.map({ !known.isCall($0) }) ?? true else { return false }
        return request.headers[.accept]?.contains("text/html") == true
    }

    private func wayIn(_ request: Request) -> SiteURL {
        SiteURL.Destination(path: request.uri.path).map(SiteURL.loginThen) ?? .login
    }
}
