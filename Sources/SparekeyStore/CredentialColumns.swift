import Sparekey
import SparekeySQL

/// The credential columns of one account, over the two tables that hold them.
enum CredentialColumns {
    /// - Parameter lock: take the row's lock on PostgreSQL, so that nobody changes it before this transaction ends.
    ///   SQLite's writer holds the whole database already.
    static func read(account id: String, lock: Bool = false, _ connection: any SQLConnection) throws -> StoredColumns? {
        let suffix: SQLStatement = lock && connection.dialect == .postgreSQL ? " FOR UPDATE" : ""
        let login = try connection.query(
            """
            SELECT password_hash, password_mark, require_password_change, password_expires_at
            FROM account WHERE id = \(id)
            """ + suffix
        ).first
        guard let login else { return nil }
        let sync = try connection.query(
            "SELECT key_mac, pbkdf2_hash FROM sync_credential WHERE account_id = \(id)"
        ).first
        return StoredColumns([
            OwnColumn.passwordHash: stored(login["password_hash"]),
            OwnColumn.passwordMark: stored(login["password_mark"]),
            OwnColumn.requireChange: stored(login["require_password_change"]),
            OwnColumn.expiresAt: stored(login["password_expires_at"]),
            OwnColumn.syncKeyMAC: sync.map { stored($0["key_mac"]) } ?? .null,
            OwnColumn.syncPBKDF2: sync.map { stored($0["pbkdf2_hash"]) } ?? .null,
        ])
    }

    /// Writes every column of the account. Returns whether there was a row to write.
    static func write(_ new: StoredColumns, account id: String, _ connection: any SQLConnection) throws -> Bool {
        let changed = try connection.execute(
            """
            UPDATE account SET password_hash = \(bound(new[OwnColumn.passwordHash])),
              password_mark = \(bound(new[OwnColumn.passwordMark])),
              require_password_change = \(bound(new[OwnColumn.requireChange])),
              password_expires_at = \(bound(new[OwnColumn.expiresAt]))
            WHERE id = \(id)
            """)
        guard changed == 1 else { return false }
        try connection.execute("DELETE FROM sync_credential WHERE account_id = \(id)")
        if new[OwnColumn.syncKeyMAC] != .null {
            try connection.execute(
                """
                INSERT INTO sync_credential (account_id, key_mac, pbkdf2_hash)
                VALUES (\(id), \(bound(new[OwnColumn.syncKeyMAC])), \(bound(new[OwnColumn.syncPBKDF2])))
                """)
        }
        return true
    }

    static func stored(_ value: SQLValue) -> StoredValue {
        switch value {
        case .null: .null
        case .integer(let value): .integer(value)
        case .text(let value): .text(value)
        case .blob(let value): .bytes(value)
        // No own column is real; one that somebody forced into one is compared as it is.
        case .real(let value): .real(value)
        }
    }

    private static func bound(_ value: StoredValue) -> SQLValue {
        switch value {
        case .null: .null
        case .integer(let value): .integer(value)
        case .real(let value): .real(value)
        case .text(let value): .text(value)
        case .bytes(let value): .blob(value)
        }
    }
}
