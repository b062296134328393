import Hummingbird
import NIOCore

/// One word each, for whoever watches the process, and the API's description.
struct HealthRoutes: Sendable {
    let flows: ServerFlows

    func add(to router: RouteTable<VisitorContext>) {
        router.on(.get, "/healthz") { _, _ in Self.word("ok", .ok) }
        router.on(.get, "/readyz", use: ready)
        let description = JSONAnswer.response(APIDescription(hasSyncKeys: flows.sync != nil).document)
        router.on(.get, "/openapi.json") { _, _ in description }
    }

    @Sendable private func ready(_ request: Request, _ context: VisitorContext) async throws -> Response {
        await flows.isReady() ? Self.word("ready", .ok) : Self.word("unavailable", .serviceUnavailable)
    }

    private static func word(_ word: String, _ status: HTTPResponse.Status) -> Response {
        var headers: HTTPFields = [.contentType: "text/plain; charset=utf-8"]
        if status == .serviceUnavailable { headers[.retryAfter] = "1" }
        return Response(
            status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: word + "\n")))
    }
}
