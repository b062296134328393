import Hummingbird
import NIOCore

/// One word each, for whoever watches the process.
struct HealthRoutes: Sendable {
    let flows: ServerFlows

    func add(to router: RouteTable<VisitorContext>) {
        router.on(.get, "/healthz") { _, _ in Self.word("ok", .ok) }
        router.on(.get, "/readyz", use: ready)
    }

    @Sendable private func ready(_ request: Request, _ context: VisitorContext) async throws -> Response {
        await flows.isReady() ? Self.word("ready", .ok) : Self.word("unavailable", .serviceUnavailable)
    }

    private static func word(_ word: String, _ status: HTTPResponse.Status) -> Response {
        Response(
            status: status, headers: [.contentType: "text/plain; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: word + "\n")))
    }
}
