import Foundation
public import Sparekey
import SparekeySQL

extension SparekeyStore: KeyRotator {
    public func rotationPreview() async throws -> KeyRotationReport {
        let key = key
        return try await database.transaction(.read) { connection in
            var report = KeyRotationReport()
            try Self.eachMark(connection) { id, hash, mark in
                if mark == key.witness(of: hash, account: id) { report.marks += 1 } else { report.foreignMarks += 1 }
            }
            report.seals = try Self.count("reset WHERE sealed_old IS NOT NULL", connection)
            report.proofs = try Self.count("reset_token", connection) + Self.count("reset_code", connection)
            report.syncKeys = try Self.count("sync_credential", connection)
            return report
        }
    }

    public func rotate(to next: InstanceKey, audit: AuditEvent) async throws -> KeyRotationReport {
        // Not through the store's own database, which would keep a head under the old key.
        try await driver.transaction(.write) { connection in
            try takeOver(connection)
            var report = KeyRotationReport()
            try remark(to: next, &report, connection)
            try reseal(to: next, &report, connection)
            report.proofs = try OutstandingProofs.voidOneTime(connection)
            report.syncKeys = try connection.execute("DELETE FROM sync_credential")
            // Found by keyed hashes of the old key: nothing finds them any more.
            for table in ["throttle", "code_tries"] {
                try connection.execute("DELETE FROM \(identifier: table)")
            }
            // The backups that hold a key hold the old one.
            try connection.execute("DELETE FROM sparekey_meta WHERE name = \(BackupMeta.latestWithKey)")
            try beginEpoch(audit, under: next, connection)
            try StoreSchema.setMeta("key_check", next.checkValue, connection)
            try Self.announceEverything(connection)
            return report
        }
    }

    /// Waits for every write that is under way, and lets no other begin before this transaction has ended.
    private func takeOver(_ connection: any SQLConnection) throws {
        let lock: SQLStatement = connection.dialect == .postgreSQL ? " FOR UPDATE" : ""
        let row = try connection.query("SELECT value FROM sparekey_meta WHERE name = 'key_check'\(part: lock)").first
        guard try row?.text("value") == key.checkValue else { throw StoreError.rotatedMeanwhile }
    }

    private func remark(
        to next: InstanceKey, _ report: inout KeyRotationReport, _ connection: any SQLConnection
    ) throws {
        try Self.eachMark(connection) { id, hash, mark in
            guard mark == key.witness(of: hash, account: id) else {
                report.foreignMarks += 1
                return
            }
            let renewed = next.witness(of: hash, account: id)
            try connection.execute("UPDATE account SET password_mark = \(renewed) WHERE id = \(id)")
            report.marks += 1
        }
    }

    /// Every account with a password, a page at a time.
    private static func eachMark(
        _ connection: any SQLConnection, _ visit: (_ id: String, _ hash: String, _ mark: [UInt8]?) throws -> Void
    ) throws {
        var after = ""
        while true {
            let rows = try connection.query(
                """
                SELECT id, password_hash, password_mark FROM account WHERE id > \(after) ORDER BY id LIMIT 1000
                """)
            for row in rows {
                after = try row.text("id")
                guard case .text(let hash) = row["password_hash"] else { continue }
                var mark: [UInt8]?
                if case .blob(let bytes) = row["password_mark"] { mark = bytes }
                try visit(after, hash, mark)
            }
            guard rows.count == 1000 else { return }
        }
    }

    /// What `undo` would put back, sealed under the new key and with marks of the new key in it.
    private func reseal(
        to next: InstanceKey, _ report: inout KeyRotationReport, _ connection: any SQLConnection
    ) throws {
        let rows = try connection.query(
            """
            SELECT number, id, account_id, sealed_old, sealed_new FROM reset WHERE sealed_old IS NOT NULL ORDER BY number
            """)
        for row in rows {
            let (number, id, account) = (try row.integer("number"), try row.text("id"), try row.text("account_id"))
            do {
                let old = try rekeyed(row["sealed_old"], "reset/\(id)/old", account, next)
                let new = try rekeyed(row["sealed_new"], "reset/\(id)/new", account, next)
                try connection.execute(
                    "UPDATE reset SET sealed_old = \(old), sealed_new = \(new) WHERE number = \(number)")
                report.seals += 1
            } catch let error as RecoveryError where error.code == .unsealable {
                try connection.execute(
                    """
                    UPDATE reset SET sealed_old = NULL, sealed_new = NULL, undo_until = NULL WHERE number = \(number)
                    """)
                report.lostSeals += 1
            }
        }
    }

    private func rekeyed(
        _ sealed: SQLValue, _ place: String, _ account: String, _ next: InstanceKey
    ) throws -> [UInt8] {
        guard case .blob(let bytes) = sealed else {
            throw RecoveryError(.unsealable, reason: "a sealed value is missing")
        }
        let columns = try JSONDecoder().decode(StoredColumns.self, from: seal.open(bytes, for: place))
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return try Seal(next).seal(encoder.encode(columns.rekeyed(account: account, from: key, to: next)), for: place)
    }

    private static func count(_ rows: SQLStatement, _ connection: any SQLConnection) throws -> Int {
        let count = try connection.query("SELECT count(*) AS rows FROM \(part: rows)").first?.integer("rows")
        return Int(count ?? 0)
    }
}
