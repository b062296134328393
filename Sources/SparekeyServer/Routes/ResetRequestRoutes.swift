import Hummingbird
import Sparekey

/// The administrators' inbox (NEX-5): what people asked for, and what is done about it.
struct ResetRequestRoutes: Sendable {
    let flows: RecoveryFlows
    let admit: AdmitAdministrator
    let clock: any WallClock

    func add(to api: RouteTable<AdministratorContext>) {
        api.on(.get, "/api/reset-requests", use: list)
        api.on(.post, "/api/reset-requests/:id/approve", use: approve)
        api.on(.post, "/api/reset-requests/:id/deny", use: deny)
        api.on(.post, "/api/reset-requests/:id/reveal", use: reveal)
    }

    @Sendable private func list(_ request: Request, _ context: AdministratorContext) async throws -> Response {
        let after = try request.uri.queryParameters["after"].map { text in
            guard let number = Int64(text) else { throw Problem(.malformedRequest, "after is a request's id.") }
            return number
        }
        let limit = try request.limit(atMost: 1000)
        let rows = try await flows.inbox.requests(before: after, limit: limit + 1, now: clock.now)
        let page = rows.prefix(limit)
        return JSONAnswer.response(
            SuccessDocument(
                data: Listing(
                    requests: page.map(RequestDocument.init),
                    next: rows.count > limit ? page.last.map { String($0.number) } : nil)))
    }

    @Sendable private func approve(_ request: Request, _ context: AdministratorContext) async throws -> Response {
        let administrator = try await context.acting(admit)
        let approved = try await flows.decide.approve(try number(context), actor: administrator.actor, reason: nil)
        return JSONAnswer.response(SuccessDocument(data: One(request: RequestDocument(approved))))
    }

    @Sendable private func deny(_ request: Request, _ context: AdministratorContext) async throws -> Response {
        let administrator = try await context.acting(admit)
        let denied = try await flows.decide.deny(try number(context), actor: administrator.actor, reason: nil)
        return JSONAnswer.response(SuccessDocument(data: One(request: RequestDocument(denied))))
    }

    @Sendable private func reveal(_ request: Request, _ context: AdministratorContext) async throws -> Response {
        let administrator = try await context.acting(admit)
        let (found, code) = try await flows.decide.reveal(
            try number(context), actor: administrator.actor, reason: nil)
        return JSONAnswer.response(
            SuccessDocument(data: Revealed(code: code.shownOnce, expiresAt: found.expiresAt?.rfc3339)))
    }

    private func number(_ context: AdministratorContext) throws -> Int64 {
        guard let number = Int64(try context.parameters.require("id")), number > 0 else {
            throw Problem(.notFound, "There is no such request.")
        }
        return number
    }

    private struct Listing: Encodable, Sendable {
        let requests: [RequestDocument]
        let next: String?

        enum CodingKeys: CodingKey { case requests, next }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(requests, forKey: .requests)
            try container.encode(next, forKey: .next)
        }
    }

    private struct One: Encodable, Sendable {
        let request: RequestDocument
    }

    private struct Revealed: Encodable, Sendable {
        let code: String
        let expiresAt: String?
    }
}

/// A request without its code; absent values are null.
private struct RequestDocument: Encodable, Sendable {
    let request: CodeRequest

    init(_ request: CodeRequest) {
        self.request = request
    }

    enum CodingKeys: CodingKey {
        case id, name, account, app, address, state, needsApproval, requestedAt, expiresAt
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(String(request.number), forKey: .id)
        try container.encode(DisplayText(request.name, limit: 320).text, forKey: .name)
        try container.encode(request.username, forKey: .account)
        try container.encode(request.app, forKey: .app)
        try container.encode(request.address, forKey: .address)
        try container.encode(request.state.rawValue, forKey: .state)
        try container.encode(request.state == .waiting, forKey: .needsApproval)
        try container.encode(request.requestedAt.rfc3339, forKey: .requestedAt)
        try container.encode(request.expiresAt?.rfc3339, forKey: .expiresAt)
    }
}
