public import Sparekey
import SparekeySQL

extension SparekeyStore: SyncCredentialRegister {
    public func entries(after accountID: String?, limit: Int) async throws -> SyncEntryPage {
        let key = key
        return try await database.transaction(.read) { connection in
            let rows = try connection.query(
                """
                SELECT s.account_id, s.key_mac, a.username, a.password_hash, a.password_mark FROM sync_credential s JOIN account a ON a.id = s.account_id
                WHERE s.account_id > \(accountID ?? "") AND a.active = 1 ORDER BY s.account_id LIMIT \(limit)
                """)
            return SyncEntryPage(
                entries: try rows.filter { try Self.isOwn($0, key) }.map(Self.entry),
                next: rows.count == limit ? try rows.last?.text("account_id") : nil)
        }
    }

    public func entry(of accountID: String) async throws -> SyncEntry? {
        let key = key
        return try await database.transaction(.read) { connection in
            try connection.query(
                """
                SELECT s.account_id, s.key_mac, a.username, a.password_hash, a.password_mark FROM sync_credential s JOIN account a ON a.id = s.account_id
                WHERE s.account_id = \(accountID) AND a.active = 1
                """
            ).first { try Self.isOwn($0, key) }.map(Self.entry)
        }
    }

    public func syncCandidate(_ name: AccountName) async throws -> SyncCandidate? {
        let (key, instance) = (name.key, self.key)
        return try await database.transaction(.read) { connection in
            let condition: SQLStatement =
                switch name.kind {
                case .username: "a.username_key = \(key)"
                case .email: "a.email_key = \(key)"
                }
            return try connection.query(
                """
                SELECT \(part: AccountRow.columns(of: "a")), a.password_hash, a.password_mark, s.key_mac, s.pbkdf2_hash
                FROM account a LEFT JOIN sync_credential s ON s.account_id = a.id WHERE \(part: condition)
                """
            ).first.map { row in
                SyncCandidate(
                    account: try AccountRow.account(row), loginHash: try row.optionalText("password_hash"),
                    isOwnHash: try Self.isOwn(row, instance, account: try row.text("id")),
                    pbkdf2: try row.optionalText("pbkdf2_hash"), mac: try row.optionalBlob("key_mac"))
            }
        }
    }

    public func putSyncCredential(
        mac: [UInt8], pbkdf2: String, account: Account, verifiedHash: String
    ) async throws -> Bool {
        try await database.transaction(.write) { connection in
            // The account's row is locked first, so that a reset comes before this as a whole, or after it.
            let isStillRight = try connection.execute(
                """
                UPDATE account SET active = active
                WHERE id = \(account.id) AND password_hash = \(verifiedHash) AND username = \(account.username)
                """)
            guard isStillRight == 1 else { return false }
            try connection.execute(
                """
                INSERT INTO sync_credential (account_id, key_mac, pbkdf2_hash) VALUES (\(account.id), \(mac), \(pbkdf2))
                ON CONFLICT (account_id) DO UPDATE SET key_mac = excluded.key_mac, pbkdf2_hash = excluded.pbkdf2_hash
                """)
            try Self.announce(accountID: account.id, connection)
            return true
        }
    }

    private static func isOwn(_ row: SQLRow, _ key: InstanceKey) throws -> Bool {
        try isOwn(row, key, account: try row.text("account_id"))
    }

    private static func isOwn(_ row: SQLRow, _ key: InstanceKey, account id: String) throws -> Bool {
        guard let hash = try row.optionalText("password_hash") else { return false }
        return CredentialColumns.stored(row["password_mark"]) == .bytes(key.witness(of: hash, account: id))
    }

    private static func entry(_ row: SQLRow) throws -> SyncEntry {
        SyncEntry(
            accountID: try row.text("account_id"), username: try row.text("username"), mac: try row.blob("key_mac"))
    }
}
