import Hummingbird
import Sparekey

/// Finds the session that a request's bearer token stands for. What that entitles to is decided by the contexts.
struct SessionMiddleware: RouterMiddleware {
    typealias Context = VisitorContext

    let resume: ResumeSession

    func handle(
        _ request: Request, context: VisitorContext, next: (Request, VisitorContext) async throws -> Response
    ) async throws -> Response {
        guard let secret = request.bearer.flatMap({ SessionSecret(text: $0) }) else {
            return try await next(request, context)
        }
        var context = context
        context.signedIn = try await resume(secret)
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
