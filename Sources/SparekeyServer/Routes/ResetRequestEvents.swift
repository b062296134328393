import Hummingbird
import NIOCore
import ServiceLifecycle
import Sparekey

/// `GET /api/reset-requests/events`: server-sent events (HTML Living Standard, 9.2) with the ids of requests that are new or
/// changed, so that the inbox is live. Nothing else is in the stream; whoever wants more asks for it.
///
/// The database is looked at once a second, so that it does not matter which server a request came to, and so is the
/// session: the stream ends within a second of it, and at once where the database tells of its end. Listening is no use of the session: a page that nobody looks at does not
/// keep its administrator signed in.
struct ResetRequestEvents: Sendable {
    let flows: RecoveryFlows
    let resume: ResumeSession
    let cookies: BrowserCookies
    let watch: AccountWatch
    let clock: any WallClock

    /// Comments keep proxies from closing a quiet stream.
    private static let heartbeat = Duration.seconds(9)

    func add(to api: RouteTable<AdministratorContext>) {
        api.on(.get, "/api/reset-requests/events", use: events)
    }

    @Sendable private func events(_ request: Request, _ context: AdministratorContext) async throws -> Response {
        let bearer = request.bearer.flatMap { SessionSecret(text: $0) }
        guard let secret = bearer ?? cookies.session(request) else { throw Problem(.notSignedIn) }
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream"],
            body: ResponseBody { writer in
                try? await watch.following(context.caller.account.id) { bell in try await follow(secret, bell, &writer)
                }
                try await writer.finish(nil)
            })
    }

    private func follow(
        _ secret: SessionSecret, _ bell: Arrivals, _ writer: inout any ResponseBodyWriter
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                while true {
                    try await Task.sleep(for: .milliseconds(900))
                    bell.ring()
                }
            }
            try await tell(secret, bell, &writer)
        }
    }

    private func tell(
        _ secret: SessionSecret, _ bell: Arrivals, _ writer: inout any ResponseBodyWriter
    ) async throws {
        var known = try await states()
        try await writer.write(ByteBuffer(string: ": listening\n\n"))
        var spoke = ContinuousClock.now
        bell.ring()
        for await _ in bell.stream {
            guard !Task.isShuttingDownGracefully, let caller = try await resume(secret, isUse: false),
                caller.mayFollow
            else { return }
            let present = try await states()
            for (id, state) in present.sorted(by: { $0.key < $1.key }) where known[id] != state {
                try await writer.write(ByteBuffer(string: "data: {\"id\":\"\(id)\"}\n\n"))
            }
            known = present
            guard spoke + Self.heartbeat < .now else { continue }
            try await writer.write(ByteBuffer(string: ": still here\n\n"))
            spoke = .now
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
