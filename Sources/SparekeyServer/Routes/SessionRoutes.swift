import Hummingbird
import Sparekey

/// A person's own sessions: where they are signed in, and an end to any of them.
struct SessionRoutes: Sendable {
    let flows: ServerFlows

    func add(to api: RouteTable<FreeContext>) {
        api.on(.get, "/api/sessions", use: list)
        api.on(.delete, "/api/sessions/:id", use: end)
    }

    @Sendable private func list(_ request: Request, _ context: FreeContext) async throws -> Response {
        let sessions = try await flows.sessions.sessions(of: context.caller.account)
        let current = context.caller.session.id
        return JSONAnswer.response(
            SuccessDocument(data: Listing(sessions: sessions.map { SessionDocument($0, current: current) })))
    }

    @Sendable private func end(_ request: Request, _ context: FreeContext) async throws -> Response {
        let id = try context.parameters.require("id")
        guard try await flows.endSession(id, of: context.caller.account, address: context.address) else {
            throw Problem(.notFound, "There is no such session.")
        }
        return Response(status: .noContent)
    }

    private struct Listing: Encodable, Sendable {
        let sessions: [SessionDocument]
    }
}

private struct SessionDocument: Encodable, Sendable {
    let id: String
    let createdAt: String
    let lastUsedAt: String
    let address: String?
    let device: String?
    let current: Bool

    init(_ session: SessionRecord, current: String) {
        id = session.id
        createdAt = session.createdAt.rfc3339
        lastUsedAt = session.lastUsedAt.rfc3339
        address = session.address
        device = session.device
        self.current = session.id == current
    }

    enum CodingKeys: CodingKey { case id, createdAt, lastUsedAt, address, device, current }

    /// Absent values are null, so that every session has the same keys.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(createdAt, forKey: .createdAt)
        try container.encode(lastUsedAt, forKey: .lastUsedAt)
        try container.encode(address, forKey: .address)
        try container.encode(device, forKey: .device)
        try container.encode(current, forKey: .current)
    }
}
