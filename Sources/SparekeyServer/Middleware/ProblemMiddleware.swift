import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Sparekey

/// The outermost middleware: every error becomes an answer here, every answer gets the same headers, and every request
/// one line in the log. The line never holds a query, a body or a header.
struct ProblemMiddleware: RouterMiddleware {
    typealias Context = VisitorContext

    let addresses: CallerAddress
    let metrics: ServerMetrics
    /// nil where no browser comes.
    let place: PublicPlace?
    /// False only for the Unix socket, whose peers have none. Over the network a peer without an address has gone: nobody
    /// would read the answer, and no limit could be charged (SEC-1).
    let needsAddress: Bool
    /// Writes refusals to people; nil where there are only programs.
    let problemPages: ProblemPages?
    let logger: Logger

    func handle(
        _ request: Request, context: VisitorContext, next: (Request, VisitorContext) async throws -> Response
    ) async throws -> Response {
        // A connection whose next requests are there already would never let go of its thread: everybody gets a turn.
        await Task.yield()
        let begun = ContinuousClock.now
        var context = context
        context.address = addresses.resolve(peer: context.channel.remoteAddress, headers: request.headers)
        var response: Response
        var cause: (any Error)?
        do {
            guard context.address != nil || !needsAddress else { throw CancellationError() }
            response = try await next(request, context)
        } catch {
            let problem = Problem(error)
            response =
                problemPages?.response(problem, to: request, path: context.endpointPath) ?? problem.response
            cause = error
        }
        secure(&response)
        let took = ContinuousClock.now - begun
        // Nobody reads the answer to a client that has gone: 499, as many servers write it down.
        let status = cause is CancellationError ? 499 : response.status.code
        metrics.answered(request, context, status: status, took: took)
        log(request, context, status, took, cause)
        return response
    }

    private func secure(_ response: inout Response) {
        if !response.headers.contains(.cacheControl) { response.headers[.cacheControl] = "no-store" }
        response.headers[.xContentTypeOptions] = "nosniff"
        if let policy = HTTPField.Name("Referrer-Policy") { response.headers[policy] = "no-referrer" }
        let isPage = response.headers[.contentType]?.hasPrefix("text/html") == true
        response.headers[.contentSecurityPolicy] = isPage ? Self.pagePolicy : Self.policy
        for name in Self.isolation { response.headers[name] = "same-origin" }
        if place?.links.isHTTPS == true { response.headers[.strictTransportSecurity] = "max-age=31536000" }
    }

    private static let policy = "default-src 'none'; frame-ancestors 'none'"
    /// Of pages: only what this server serves as a file, nothing inline, in no frame (SEC-5).
    private static let pagePolicy =
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    private static let isolation = ["Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy"].compactMap {
        HTTPField.Name($0)
    }

    private func log(
        _ request: Request, _ context: VisitorContext, _ status: Int, _ took: Duration, _ cause: (any Error)?
    ) {
        var metadata: Logger.Metadata = [
            "method": "\(request.method.rawValue)", "route": "\(context.endpointPath ?? "-")",
            "status": "\(status)", "ms": "\(took.milliseconds)",
            "address": "\(context.address ?? "-")", "request": "\(context.id)",
        ]
        if let cause {
            metadata["cause"] = "\(cause)"
        }
        logger.log(level: status >= 500 ? .error : .info, "request", metadata: metadata)
    }
}

extension Duration {
    /// With a tenth of a millisecond, for the log.
    var milliseconds: Double {
        let (seconds, attoseconds) = components
        return (Double(seconds) * 10_000 + Double(attoseconds) / 1e14).rounded() / 10
    }
}
