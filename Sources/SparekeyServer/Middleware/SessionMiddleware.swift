import Hummingbird
import Sparekey

/// Finds the session that a call's bearer token stands for, or else a page's cookie; with the cookie, what changes something
/// needs a page's token too. What a session entitles to is decided by the contexts.
struct SessionMiddleware: RouterMiddleware {
    typealias Context = VisitorContext

    let resume: ResumeSession
    let cookies: BrowserCookies
    let forms: FormGuard
    /// False for what a page listens to by itself: the session's idle time goes on, however often it begins anew.
    var isUse = true

    func handle(
        _ request: Request, context: VisitorContext, next: (Request, VisitorContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        let request = try await request.withWholeBody()
        if request.headers.contains(.authorization) {
            guard let secret = request.bearer.flatMap({ SessionSecret(text: $0) }) else {
                return try await next(request, context)
            }
            context.signedIn = try await resume(secret, isUse: isUse)
        } else if let secret = cookies.session(request), let caller = try await resume(secret, isUse: isUse) {
            try forms.admitCall(request, in: context, of: caller)
            context.signedIn = caller
        }
        return try await next(request, context)
    }
}

extension Request {
    /// The credentials of the scheme Bearer (RFC 6750), whose name is compared without case.
    var bearer: Substring? {
        guard let header = headers[.authorization] else { return nil }
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return parts[1]
    }
}
