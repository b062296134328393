import Hummingbird
import NIOCore
import PasswordHashing
import Sparekey

/// Sync clients: their key for their password, and who a key belongs to, from memory (FLF-1). There only with `sync_keys`.
struct SyncRoutes: Sendable {
    let sync: SyncFlows
    let book: ConnectionBook

    func add(to open: RouteTable<VisitorContext>) {
        open.adding(CancelOnDisconnect(book: book)).on(.post, "/api/sync/host-key", use: hostKey)
        open.on(.get, "/api/sync/whoami", use: whoami)
    }

    @Sendable private func hostKey(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let body = try await JSONBody.read(HostKeyBody.self, request)
        let key = try await sync.fetchKey(
            name: body.username, password: body.password.password,
            address: context.address)
        return JSONAnswer.response(HostKeyAnswer(key: key.shownOnce))
    }

    @Sendable private func whoami(_ request: Request, _ context: VisitorContext) async throws -> Response {
        guard let username = request.bearer.flatMap({ SyncKey(text: $0) }).flatMap(sync.table.username) else {
            throw Problem(.notSignedIn, "This sync key is not known.")
        }
        return JSONAnswer.response(WhoAnswer(username: username))
    }

    private struct HostKeyBody: Decodable, Sendable {
        let username: String
        let password: PasswordField
    }

    private struct HostKeyAnswer: Encodable { let key: String }
    private struct WhoAnswer: Encodable { let username: String }
}

/// The call that tells this server of a changed account (FLF-2): by whoever holds the secret, or the instance key.
struct RefreshRoutes: Sendable {
    let flows: ServerFlows

    func add(to open: RouteTable<VisitorContext>) {
        open.on(.post, "/api/admin/refresh-user", use: refresh)
    }

    @Sendable private func refresh(_ request: Request, _ context: VisitorContext) async throws -> Response {
        guard request.isJSON else { throw Problem(.unsupportedMediaType) }
        let bytes = try await JSONBody.bytes(of: request)
        try authorize(request, bytes)
        return try await Self.refresh(JSONBody.decode(RefreshBody.self, bytes), flows)
    }

    /// What the Unix socket calls too, where the kernel has already said who the peer is.
    static func refresh(_ body: RefreshBody, _ flows: ServerFlows) async throws -> Response {
        let account =
            switch (body.userId, body.email) {
            case (let id?, nil): try await flows.register.find(id: id)
            case (nil, let email?): try await flows.register.find(AccountName(email))
            default: throw Problem(.malformedRequest, "Give either userId or email.")
            }
        guard let account else { throw Problem(.notFound, "There is no such account.") }
        try await flows.sync?.table.refresh(accountID: account.id)
        flows.watch.changed(account.id)
        return JSONAnswer.response(SuccessDocument<NoData>())
    }

    private func authorize(_ request: Request, _ body: [UInt8]) throws {
        let header = request.headers[.authorization] ?? ""
        if flows.refreshCalls.signature.isValid(header, for: body, now: flows.clock.now) { return }
        // By the status a command tells another key from another database.
        if RefreshSignature.isOne(header) { throw Problem(.notSignedIn) }
        // Without a secret there is no such call for a bearer.
        guard let secret = flows.refreshCalls.secret else { throw Problem(.notFound) }
        guard let bearer = request.bearer, Password(utf8: String(bearer)).isEqual(to: secret) else {
            throw Problem(.notSignedIn)
        }
    }
}

struct RefreshBody: Decodable, Sendable {
    let userId: String?
    let email: String?
}
