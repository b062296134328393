public import Sparekey
public import SparekeySQL

extension SparekeyStore {
    /// Makes the database, a copy of a backup, fit to take the present one's place (SEC-17): nothing in it stands for a
    /// password any more but the password itself, and a new epoch of the audit trail begins that cites the heads of `audit`
    /// and the backup's own.
    public func becomeRestored(_ audit: AuditEvent) async throws -> VoidedByRestore {
        let key = key
        return try await driver.transaction(.write) { connection in
            let voided = VoidedByRestore(
                sessions: try OutstandingProofs.voidSessions(connection),
                proofs: try OutstandingProofs.voidOneTime(connection),
                undo: try OutstandingProofs.voidUndo(at: audit.at.microseconds, connection))
            try connection.execute("DELETE FROM sparekey_meta WHERE name = \(BackupMeta.sealedKey)")
            try beginEpoch(audit, under: key, connection)
            return voided
        }
    }

    /// The same database under another key, once it belongs to that, with its audit head kept.
    public func keepHead(under next: InstanceKey) async {
        let notes = AuditHeadNotes(keeper: heads.keeper, key: next)
        await notes.note(driver)
    }
}

/// A database as a restore looks at it, whatever its key and schema: what is in it, not whether it can serve.
public struct RestorableDatabase: Sendable {
    private let database: any SQLDatabase

    public init(_ database: any SQLDatabase) {
        self.database = database
    }

    /// Whether SQLite finds every page in order.
    public func isSound() async throws -> Bool {
        try await database.transaction(.read) { connection in
            try connection.query("PRAGMA quick_check(1)").first?["quick_check"] == .text("ok")
        }
    }

    /// The key that a backup holds; nil without one.
    public func sealedKey() async throws -> SealedInstanceKey? {
        try await database.transaction(.read) { try StoreSchema.meta(BackupMeta.sealedKey, $0) }
            .map(SealedInstanceKey.init(text:))
    }

    /// The newest row of the audit trail.
    public func auditHead() async throws -> (head: AuditHead, at: Timestamp?)? {
        try await database.transaction(.read) { connection in
            guard
                let row = try connection.query("SELECT sequence, row, mac FROM audit ORDER BY sequence DESC LIMIT 1")
                    .first.map(SparekeyStore.auditRow), let sequence = row.sequence, let mac = row.mac
            else { return nil }
            return (AuditHead(sequence: sequence, mac: mac), try AuditRecord(row).at)
        }
    }

    /// Whether the audit trail holds this row with this MAC.
    public func holds(_ head: AuditHead) async throws -> Bool {
        try await database.transaction(.read) { connection in
            try connection.query("SELECT mac FROM audit WHERE sequence = \(head.sequence)").first?["mac"]
                == .blob(head.mac)
        }
    }

    /// Every account's username and password hash by its id; nil for an account without a password.
    public func passwords() async throws -> [String: (username: String, hash: String?)] {
        var found: [String: (username: String, hash: String?)] = [:]
        var after = ""
        while true {
            let rows = try await page(after: after)
            for row in rows {
                after = try row.text("id")
                var hash: String?
                if case .text(let text) = row["password_hash"] { hash = text }
                found[after] = (try row.text("username"), hash)
            }
            guard rows.count == 1000 else { return found }
        }
    }

    private func page(after: String) async throws -> [SQLRow] {
        try await database.transaction(.read) { connection in
            try connection.query(
                "SELECT id, username, password_hash FROM account WHERE id > \(after) ORDER BY id LIMIT 1000")
        }
    }
}
