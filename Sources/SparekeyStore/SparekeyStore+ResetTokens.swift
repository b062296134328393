public import Sparekey
import SparekeySQL

extension SparekeyStore: ResetTokenRegister {
    public func add(_ token: StoredResetToken, audit: AuditEvent) async throws {
        try await database.transaction(.write) { connection in
            try appendAudit(audit, connection)
            try Self.removeOld(now: token.createdAt, connection)
            try connection.execute(
                """
                INSERT INTO reset_token
                  (id, account_id, app, profile, place, lookup, hash, created_at, expires_at, issuer_id)
                VALUES (\(token.id), \(token.accountID), \((token.app?.name).sqlValue),
                  \((token.app?.profile).sqlValue), \((token.app?.database).sqlValue), \(token.lookup), \(token.hash),
                  \(token.createdAt.microseconds), \(token.expiresAt.microseconds), \(token.issuerID.sqlValue))
                """)
        }
    }

    public func token(lookup: [UInt8]) async throws -> StoredResetToken? {
        try await database.transaction(.read) { connection in
            try connection.query(
                """
                SELECT id, account_id, app, profile, place, hash, created_at, expires_at, used_at, issuer_id
                FROM reset_token
                WHERE lookup = \(lookup) AND \(part: Self.issuerStands)
                """
            ).first.map { row in
                StoredResetToken(
                    id: try row.text("id"), accountID: try row.text("account_id"), app: try Self.app(row),
                    lookup: lookup,
                    hash: try row.text("hash"), createdAt: Timestamp(microseconds: try row.integer("created_at")),
                    expiresAt: Timestamp(microseconds: try row.integer("expires_at")),
                    usedAt: try row.optionalInteger("used_at").map(Timestamp.init(microseconds:)),
                    issuerID: try row.optionalText("issuer_id"))
            }
        }
    }

    public func newestToken(of account: Account) async throws -> String? {
        try await database.transaction(.read) { connection in
            try connection.query(
                """
                SELECT id FROM reset_token WHERE account_id = \(account.id) AND app IS NULL
                ORDER BY created_at DESC, id LIMIT 1
                """
            ).first?.text("id")
        }
    }

    public func cleanUp(all: Bool, now: Timestamp) async throws -> Int {
        try await database.transaction(.write) { connection in
            guard all else { return try Self.removeOld(now: now, connection) }
            return try connection.execute(
                "DELETE FROM reset_token WHERE expires_at <= \(now.microseconds) OR used_at IS NOT NULL")
        }
    }

    /// Whether whoever issued a token is still entitled to: the operator always is, somebody else as an enabled administrator.
    /// Asked of the account as it stands, so that it holds for a demotion by plain SQL too.
    static let issuerStands: SQLStatement = """
        (issuer_id IS NULL OR EXISTS (
          SELECT 1 FROM account issuer WHERE issuer.id = issuer_id AND issuer.role = 'admin' AND issuer.active = 1))
        """

    /// Voids for good what an account issued, in the transaction that takes its right away: another promotion later does not
    /// bring it back.
    static func voidIssued(by id: String, _ connection: any SQLConnection) throws {
        try connection.execute("DELETE FROM reset_token WHERE issuer_id = \(id) AND used_at IS NULL")
    }

    @discardableResult
    private static func removeOld(now: Timestamp, _ connection: any SQLConnection) throws -> Int {
        let dayAgo = now + .seconds(-86_400)
        let weekAgo = now + .seconds(-7 * 86_400)
        return try connection.execute(
            """
            DELETE FROM reset_token
            WHERE (used_at IS NULL AND expires_at < \(dayAgo.microseconds)) OR used_at < \(weekAgo.microseconds)
            """)
    }
}
