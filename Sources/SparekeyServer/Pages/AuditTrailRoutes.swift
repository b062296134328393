import Hummingbird
import NIOCore
import Sparekey

/// The audit trail for administrators at a browser: search, check, take away.
struct AuditTrailRoutes: Sendable {
    let flows: ServerFlows
    let pages: PageRenderer

    private static let pageSize = 40

    func add(to administrators: RouteTable<AdministratorContext>) {
        administrators.on(.get, SiteURL.audit.path, use: show)
        administrators.on(.get, SiteURL.auditExport(AuditQuery()).path, use: export)
        administrators.on(.post, SiteURL.auditVerify.path, use: verify)
    }

    @Sendable private func show(_ request: Request, _ context: AdministratorContext) async throws -> Response {
        try await list(try AuditQuery(request), chain: nil, context)
    }

    /// The whole trail, once.
    @Sendable private func verify(_ request: Request, _ context: AdministratorContext) async throws -> Response {
        let verdict = try await flows.pages.audit.turn { try await flows.pages.audit.verify() }
        return try await list(AuditQuery(), chain: Texts.Audit.verdict(verdict), context)
    }

    /// - Parameter chain: what is known of the chain; nil checks the rows that are shown.
    private func list(
        _ query: AuditQuery, chain: Banner?, _ context: AdministratorContext
    ) async throws -> Response {
        let audit = flows.pages.audit
        let now = flows.clock.now
        let finding = try await audit.search(try query.filter(), before: query.before, limit: Self.pageSize)
        var chain = chain
        if chain == nil { chain = Texts.Audit.checked(try await audit.check(finding.rows), finding.rows.count) }
        let chart = ResetChart(try await audit.tally.resets(since: ResetChart.begin(now)), now: now)
        let page = AuditTrailPage(
            context.caller, query, finding, chain: chain ?? Banner("", .warning), chart: chart, now: now)
        return pages.response(page, for: context.browser)
    }

    /// One line of JSON a row, oldest first, as `sparekey audit export` writes them.
    @Sendable private func export(_ request: Request, _ context: AdministratorContext) async throws -> Response {
        let filter = try AuditQuery(request).filter()
        let export = flows.pages.audit.export
        let day = flows.clock.now.rfc3339.prefix(10)
        return Response(
            status: .ok,
            headers: [
                .contentType: "application/jsonl; charset=utf-8",
                .contentDisposition: "attachment; filename=\"audit-\(day).jsonl\"",
            ],
            body: ResponseBody { writer in
                try await export(filter) { lines in
                    guard !lines.isEmpty else { return }
                    try await writer.write(ByteBuffer(string: lines.map { $0 + "\n" }.joined()))
                }
                try await writer.finish(nil)
            })
    }
}
