public import Sparekey
import SparekeySQL

extension SparekeyStore: SessionRegister {
    public func candidate(_ name: AccountName) async throws -> SignInCandidate? {
        let key = name.key
        let condition: SQLStatement =
            switch name.kind {
            case .username: "username_key = \(key)"
            case .email: "email_key = \(key)"
            }
        return try await database.query(
            "SELECT \(part: AccountRow.columns), password_hash, password_mark FROM account WHERE \(part: condition)"
        ).first.map { row in
            SignInCandidate(
                account: try AccountRow.account(row), hash: try row.optionalText("password_hash"),
                mark: CredentialColumns.stored(row["password_mark"]).bytes)
        }
    }

    public func begin(_ session: NewSession, audit: AuditEvent) async throws -> Bool {
        let record = session.record
        do {
            try await database.transaction(.write) { connection in
                try appendAudit(audit, connection)
                // The account's row is locked by this update: a reset either was committed before it, and then the
                // verified hash is gone, or waits for this session and ends it.
                let isStillRight = try connection.execute(
                    """
                    UPDATE account SET last_sign_in_at = \(record.createdAt.microseconds)
                    WHERE id = \(record.accountID) AND password_hash = \(session.verifiedHash) AND active = 1
                    """)
                guard isStillRight == 1 else { throw VoidSignIn() }
                // The oldest gives way: nobody needs so many, and a right password must not fill the database. SQLite knows no
                // OFFSET without a LIMIT; this one is beyond what there can be.
                try connection.execute(
                    """
                    DELETE FROM session WHERE id IN (
                      SELECT id FROM session WHERE account_id = \(record.accountID)
                      ORDER BY last_used_at DESC LIMIT 1000000 OFFSET \(Self.sessionsAtMost - 1))
                    """)
                try Self.insert(session, connection)
            }
            return true
        } catch is VoidSignIn {
            return false
        }
    }

    public func find(secretHash: [UInt8]) async throws -> SignedIn? {
        try await findSession("s.secret_hash = \(secretHash)")
    }

    public func find(session id: String) async throws -> SignedIn? {
        try await findSession("s.id = \(id)")
    }

    private func findSession(_ condition: SQLStatement) async throws -> SignedIn? {
        try await database.query(
            """
            SELECT \(part: SessionRow.columns), \(part: AccountRow.columns(of: "a"))
            FROM session s JOIN account a ON a.id = s.account_id WHERE \(part: condition)
            """
        ).first.map { row in
            SignedIn(session: try SessionRow.record(row), account: try AccountRow.account(row))
        }
    }

    public func touch(_ session: SessionRecord, now: Timestamp) async throws {
        _ = try await database.transaction(.write) { connection in
            try connection.execute(
                """
                UPDATE session SET last_used_at = \(now.microseconds)
                WHERE id = \(session.id) AND last_used_at < \(now.microseconds)
                """)
        }
    }

    public func sessions(of account: Account) async throws -> [SessionRecord] {
        try await database.transaction(.read) { connection in
            try connection.query(
                """
                SELECT \(part: SessionRow.columns) FROM session s WHERE s.account_id = \(account.id)
                ORDER BY s.last_used_at DESC, s.id LIMIT 100
                """
            ).map(SessionRow.record)
        }
    }

    public func end(session id: String, of account: Account, audit: AuditEvent) async throws -> Bool {
        try await end("id = \(id) AND account_id = \(account.id)", of: account, audit)
    }

    public func endAll(of account: Account, except id: String?, audit: AuditEvent) async throws {
        _ = try await end("account_id = \(account.id) AND id <> \(id ?? "")", of: account, audit)
    }

    private func end(_ condition: SQLStatement, of account: Account, _ audit: AuditEvent) async throws -> Bool {
        do {
            try await database.transaction(.write) { connection in
                try appendAudit(audit, connection)
                let ended = try connection.execute("DELETE FROM session WHERE \(part: condition)")
                guard ended > 0 else { throw VoidSignIn() }
                try Self.announce(accountID: account.id, connection)
            }
            return true
        } catch is VoidSignIn {
            return false
        }
    }

    /// Ends the account's sessions but one, which gets its new id and secret, if it is to have any; inside the transaction of a
    /// reset.
    static func endSessions(of id: String, but kept: KeptSession?, _ connection: any SQLConnection) throws {
        try connection.execute("DELETE FROM session WHERE account_id = \(id) AND id <> \(kept?.id ?? "")")
        guard let kept, let renewed = kept.renewed else { return }
        try connection.execute(
            """
            UPDATE session SET id = \(renewed.id), secret_hash = \(renewed.secretHash)
            WHERE id = \(kept.id) AND account_id = \(id)
            """)
    }

    public func removeSessions(created: Timestamp, used: Timestamp) async throws -> Int {
        try await database.transaction(.write) { connection in
            try connection.execute(
                """
                DELETE FROM session
                WHERE created_at < \(created.microseconds) OR last_used_at < \(used.microseconds)
                """)
        }
    }

    private static var sessionsAtMost: Int { 100 }

    private static func insert(_ session: NewSession, _ connection: any SQLConnection) throws {
        let record = session.record
        try connection.execute(
            """
            INSERT INTO session (id, account_id, secret_hash, created_at, last_used_at, address, device)
            VALUES (\(record.id), \(record.accountID), \(session.secretHash), \(record.createdAt.microseconds),
              \(record.lastUsedAt.microseconds), \(record.address.sqlValue), \(record.device.sqlValue))
            """)
    }
}

/// How a session stands in its row, beside an account's columns.
private enum SessionRow {
    static let columns: SQLStatement = """
        s.id AS session_id, s.account_id AS session_account, s.created_at AS session_created_at,
        s.last_used_at AS session_used_at, s.address AS session_address, s.device AS session_device
        """

    static func record(_ row: SQLRow) throws -> SessionRecord {
        SessionRecord(
            id: try row.text("session_id"), accountID: try row.text("session_account"),
            createdAt: Timestamp(microseconds: try row.integer("session_created_at")),
            lastUsedAt: Timestamp(microseconds: try row.integer("session_used_at")),
            address: try row.optionalText("session_address"), device: try row.optionalText("session_device"))
    }
}

/// Nothing was to be written: rolls the transaction, and with it the audit row, back.
private struct VoidSignIn: Error {}
