public import Sparekey
import SparekeySQL

extension SparekeyStore {
    public func newRequests(of app: String?, limit: Int) async throws -> [CodeRequest] {
        let place: SQLStatement = app.map { "r.app = \($0)" } ?? "r.app IS NULL"
        return try await requests(
            "r.state = 'new' AND \(part: place)", order: "r.number", limit: limit, now: Timestamp(microseconds: 0))
    }

    public func appsWithNewRequests() async throws -> [String] {
        try await database.transaction(.read) { connection in
            try connection.query(
                "SELECT DISTINCT app FROM reset_request WHERE state = 'new' AND app IS NOT NULL LIMIT 1000"
            ).map { try $0.text("app") }
        }
    }

    public func requests(before: Int64?, limit: Int, now: Timestamp) async throws -> [CodeRequest] {
        try await requests("r.number < \(before ?? .max)", order: "r.number DESC", limit: limit, now: now)
    }

    public func request(_ number: Int64, now: Timestamp) async throws -> CodeRequest? {
        try await requests("r.number = \(number)", order: "r.number", limit: 1, now: now).first
    }

    public func deny(_ request: CodeRequest, at now: Timestamp, audit: AuditEvent) async throws -> Bool {
        do {
            try await database.transaction(.write) { connection in
                try appendAudit(audit, connection)
                let denied = try connection.execute(
                    """
                    UPDATE reset_request SET state = 'denied', settled_at = \(now.microseconds)
                    WHERE id = \(request.id) AND state IN ('new', 'waiting')
                    """)
                guard denied == 1 else { throw DecidedAlready() }
            }
            return true
        } catch is DecidedAlready {
            return false
        }
    }

    public func sealedCode(
        of request: CodeRequest, at now: Timestamp, audit: AuditEvent
    ) async throws -> [UInt8]? {
        let newest = now + Proof.clockTolerance
        return try await database.transaction(.write) { connection in
            let row = try connection.query(
                """
                SELECT sealed FROM reset_code
                WHERE request_id = \(request.id) AND used_at IS NULL AND voided_at IS NULL AND sealed IS NOT NULL
                  AND account_id IS NOT NULL
                  AND expires_at > \(now.microseconds) AND created_at <= \(newest.microseconds)
                """
            ).first
            guard let row else { return nil }
            try appendAudit(audit, connection)
            return try row.blob("sealed")
        }
    }

    public func comparisons(of account: Account, now: Timestamp) async throws -> CodeComparisons {
        let subject = CodeSubject(account, app: nil, key: key)
        return try await database.transaction(.read) { try CodeTally.comparisons(of: subject, now: now, $0) }
    }

    @discardableResult
    public func tidyCodes(now: Timestamp) async throws -> Int {
        let stale = Self.stale(now)
        let isTidy = try await database.transaction(.read) { connection in
            try stale.allSatisfy { try connection.query("SELECT 1 AS found \(part: $0.rows) LIMIT 1").isEmpty }
        }
        guard !isTidy else { return 0 }
        return try await database.transaction(.write) { connection in
            try Self.lockTrail(connection)
            return try stale.reduce(0) { try $0 + connection.execute($1.removal) }
        }
    }

    /// What is over, and the statement that removes at most 500 rows of it.
    private static func stale(_ now: Timestamp) -> [(rows: SQLStatement, removal: SQLStatement)] {
        let sealed: SQLStatement = "FROM reset_code WHERE sealed IS NOT NULL AND expires_at <= \(now.microseconds)"
        let weekAgo = now + .seconds(-7 * 86_400)
        let old: SQLStatement = "FROM reset_request WHERE created_at < \(weekAgo.microseconds)"
        let daysAgo = now + .seconds(-2 * 86_400)
        let nobodys: SQLStatement =
            "FROM code_tries WHERE account_id IS NULL AND updated_at < \(daysAgo.microseconds)"
        let days: SQLStatement = "FROM code_day WHERE day < \(weekAgo.microseconds / 86_400_000_000)"
        return [
            (
                sealed,
                """
                UPDATE reset_code SET sealed = NULL
                WHERE request_id IN (SELECT request_id \(part: sealed) LIMIT 500)
                """
            ),
            (old, "DELETE FROM reset_request WHERE id IN (SELECT id \(part: old) LIMIT 500)"),
            (nobodys, "DELETE FROM code_tries WHERE subject IN (SELECT subject \(part: nobodys) LIMIT 500)"),
            (days, "DELETE \(part: days)"),
        ]
    }

    private func requests(
        _ condition: SQLStatement, order: SQLStatement, limit: Int, now: Timestamp
    ) async throws -> [CodeRequest] {
        let rows = try await database.transaction(.read) { connection in
            try connection.query(
                """
                SELECT r.id, r.number, r.app, r.sealed_name, r.address, r.state, r.over_budget, r.account_id,
                  r.created_at, c.expires_at, c.used_at, c.voided_at, COALESCE(a.username, r.username) AS username
                FROM reset_request r
                LEFT JOIN reset_code c ON c.request_id = r.id
                LEFT JOIN account a ON a.id = r.account_id AND r.app IS NULL
                WHERE \(part: condition) ORDER BY \(part: order) LIMIT \(limit)
                """)
        }
        return try rows.map { try request($0, now: now) }
    }

    private func request(_ row: SQLRow, now: Timestamp) throws -> CodeRequest {
        let id = try row.text("id")
        let expiresAt = try row.optionalInteger("expires_at").map(Timestamp.init(microseconds:))
        return CodeRequest(
            id: id, number: try row.integer("number"), app: try row.optionalText("app"),
            name: seal.typedName(try row.blob("sealed_name"), request: id) ?? "",
            address: try row.optionalText("address"), state: try Self.state(row, expiresAt, now: now),
            isOverBudget: try row.bool("over_budget"), accountID: try row.optionalText("account_id"),
            username: try row.optionalText("username"),
            requestedAt: Timestamp(microseconds: try row.integer("created_at")), expiresAt: expiresAt)
    }

    private static func state(_ row: SQLRow, _ expiresAt: Timestamp?, now: Timestamp) throws -> CodeRequest.State {
        let stored = try row.text("state")
        if try row.optionalText("account_id") == nil, ["issued", "waiting", "withheld"].contains(stored) {
            return .nobody
        }
        guard stored == "issued" else {
            guard let state = CodeRequest.State(rawValue: stored) else {
                throw StoreError(.damaged, reason: "a request has a state that does not exist")
            }
            return state
        }
        if try row.optionalInteger("used_at") != nil { return .used }
        guard let expiresAt, expiresAt > now else { return .expired }
        return try row.optionalInteger("voided_at") == nil ? .live : .void
    }
}

/// Nothing was to be denied: rolls the transaction, and with it the audit row, back.
private struct DecidedAlready: Error {}
