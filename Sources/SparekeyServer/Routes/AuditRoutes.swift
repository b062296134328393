import Hummingbird
import Sparekey

/// The audit trail, newest first, for administrators.
struct AuditRoutes: Sendable {
    let flows: ServerFlows

    func add(to api: RouteTable<AdministratorContext>) {
        api.on(.get, "/api/audit", use: list)
    }

    @Sendable private func list(_ request: Request, _ context: AdministratorContext) async throws -> Response {
        let query = request.uri.queryParameters
        let after = try query["after"].map { text in
            guard let number = Int64(text) else { throw Problem(.malformedRequest, "after is a row's number.") }
            return number
        }
        let page = try await ListAuditTrail(flows.auditTrail)(
            search: query["search"].map(String.init).flatMap { $0.isEmpty ? nil : $0 }, after: after,
            limit: try request.limit(atMost: 1000))
        return JSONAnswer.response(
            SuccessDocument(data: Listing(rows: page.rows.map(AuditDocument.init), next: page.next)))
    }

    private struct Listing: Encodable, Sendable {
        let rows: [AuditDocument]
        let next: Int64?

        enum CodingKeys: CodingKey { case rows, next }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(rows, forKey: .rows)
            try container.encode(next, forKey: .next)
        }
    }
}

/// A row of the trail; what it has no value for is left out.
private struct AuditDocument: Encodable, Sendable {
    struct AccountReference: Encodable, Sendable {
        let id: String?
        let username: String?
        let app: String?
    }

    let sequence: Int64
    let action: String?
    let at: String?
    let account: AccountReference
    let actor: String?
    let by: String?
    let user: String?
    let address: String?
    let proof: String?
    let reason: String?
    let outcome: String?
    let nameHash: String?

    init(_ record: AuditRecord) {
        sequence = record.sequence
        action = record.action
        at = record.at?.rfc3339
        account = AccountReference(id: record.accountID, username: record.username, app: record.app)
        actor = record.actorKind
        by = record.actorAccountID
        user = record.userName
        address = record.address
        proof = record.proof
        reason = record.reason
        outcome = record.outcome
        nameHash = record.nameHash
    }
}

extension Request {
    /// The query's `limit`, 100 where there is none.
    ///
    /// - Throws: ``Problem`` 400 for anything but a number from 1 to `most`.
    func limit(atMost most: Int) throws -> Int {
        guard let text = uri.queryParameters["limit"] else { return 100 }
        guard let limit = Int(text), (1...most).contains(limit) else {
            throw Problem(.malformedRequest, "limit is a number from 1 to \(most).")
        }
        return limit
    }
}
