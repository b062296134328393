import Hummingbird
import NIOCore
import ServiceLifecycle
import Sparekey

/// `GET /api/reset-requests/events`: server-sent events (HTML Living Standard, 9.2) with the ids of requests that are new or
/// changed, so that the inbox is live. Nothing else is in the stream; whoever wants more asks for it.
///
/// The database is looked at once a second, so that it does not matter which server a request came to, and so is the
/// session: the stream ends within a second of it. Listening is no use of the session: a page that nobody looks at does not
/// keep its administrator signed in.
struct ResetRequestEvents: Sendable {
    let flows: RecoveryFlows
    let resume: ResumeSession
    let cookies: BrowserCookies
    let clock: any WallClock

    /// Comments keep proxies from closing a quiet stream.
    private static let heartbeat = 10

    func add(to api: RouteTable<AdministratorContext>) {
        api.on(.get, "/api/reset-requests/events", use: events)
    }

    @Sendable private func events(_ request: Request, _ context: AdministratorContext) async throws -> Response {
        let bearer = request.bearer.flatMap { SessionSecret(text: $0) }
        guard let secret = bearer ?? cookies.session(request) else { throw Problem(.notSignedIn) }
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream"],
            body: ResponseBody { writer in
                try? await follow(secret, &writer)
                try await writer.finish(nil)
            })
    }

    private func follow(_ secret: SessionSecret, _ writer: inout any ResponseBodyWriter) async throws {
        var known = try await states()
        try await writer.write(ByteBuffer(string: ": listening\n\n"))
        var seconds = 0
        while !Task.isShuttingDownGracefully, let caller = try await resume(secret, isUse: false), caller.mayFollow {
            let present = try await states()
            for (id, state) in present.sorted(by: { $0.key < $1.key }) where known[id] != state {
                try await writer.write(ByteBuffer(string: "data: {\"id\":\"\(id)\"}\n\n"))
            }
            known = present
            seconds += 1
            if seconds % Self.heartbeat == 0 { try await writer.write(ByteBuffer(string: ": still here\n\n")) }
            try await Task.sleep(for: .milliseconds(900))
        }
    }

    /// The newest requests; older ones change only by running out.
    private func states() async throws -> [Int64: CodeRequest.State] {
        let newest = try await flows.inbox.requests(before: nil, limit: 100, now: clock.now)
        return Dictionary(newest.map { ($0.number, $0.state) }) { first, _ in first }
    }
}

extension SignedIn {
    fileprivate var mayFollow: Bool { account.role == .admin && !account.requirePasswordChange }
}
