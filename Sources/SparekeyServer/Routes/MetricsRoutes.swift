import Crypto
import Hummingbird
import NIOCore
import Sparekey

/// Figures for whoever watches the process (OPS-2). They tell how many codes and sign-ins there are, and so are not for
/// everybody.
struct MetricsRoutes: Sendable {
    let flows: ServerFlows
    let metrics: ServerMetrics
    let book: ConnectionBook

    /// Added to the table without a session's look-up: with the token it answers while the database is away.
    func add(to open: RouteTable<VisitorContext>) {
        open.on(.get, "/metrics", use: read)
    }

    @Sendable private func read(_ request: Request, _ context: VisitorContext) async throws -> Response {
        guard try await mayRead(request) else { throw Problem(.notSignedIn) }
        let isUp = await flows.isReady()
        let database = Metric(
            "sparekey_database_up", .gauge, help: "1 while the database answers.", value: isUp ? 1 : 0)
        let all = await metrics.all(connections: book.count) + [database]
        return Response(
            status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: all.map(\.text).joined())))
    }

    private func mayRead(_ request: Request) async throws -> Bool {
        guard let bearer = request.bearer else { return false }
        if let token = metrics.token, Self.areEqual(token, bearer) { return true }
        guard let secret = SessionSecret(text: bearer), let caller = try await flows.resumeSession(secret) else {
            return false
        }
        return caller.account.role == .admin && !caller.account.requirePasswordChange
    }

    /// Digests are compared, in constant time and whatever the lengths are.
    private static func areEqual(_ token: String, _ bearer: Substring) -> Bool {
        SHA256.hash(data: Array(token.utf8)) == SHA256.hash(data: Array(bearer.utf8))
    }
}
