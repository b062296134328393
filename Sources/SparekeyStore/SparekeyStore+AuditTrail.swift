public import Sparekey
import SparekeySQL

extension SparekeyStore: AuditTrail {
    public func rows(after: Int64?, limit: Int) async throws -> AuditPage {
        let start: SQLStatement = after.map { "sequence > \($0)" } ?? "sequence IS NOT NULL"
        return try await page("\(part: start) ORDER BY sequence", limit: limit)
    }

    public func rows(before: Int64?, limit: Int) async throws -> AuditPage {
        let end: SQLStatement = before.map { "sequence < \($0)" } ?? "sequence IS NOT NULL"
        return try await page("\(part: end) ORDER BY sequence DESC", limit: limit)
    }

    /// The flow that holds this trail against the kept head.
    public var verifyAuditTrail: VerifyAuditTrail {
        VerifyAuditTrail(trail: self, key: key, keeper: heads.keeper)
    }

    private func page(_ condition: SQLStatement, limit: Int) async throws -> AuditPage {
        try await database.transaction(.read) { connection in
            let rows = try connection.query(
                "SELECT sequence, row, mac FROM audit WHERE \(part: condition) LIMIT \(limit)"
            ).map(Self.auditRow)
            let counter = try connection.query("SELECT value FROM counter WHERE name = 'audit'").first
            // SQLite takes NULL in a primary key; nothing of ours writes it.
            let unnumbered =
                rows.count < limit
                ? try connection.query("SELECT 1 AS found FROM audit WHERE sequence IS NULL LIMIT 1").count : 0
            return AuditPage(rows: rows, appended: try counter?.integer("value") ?? 0, unnumbered: unnumbered)
        }
    }

    /// Somebody else may have written the row: what has another type than ours is nil, not an error.
    static func auditRow(_ row: SQLRow) -> AuditRow {
        var sequence: Int64?
        var text: String?
        var mac: [UInt8]?
        if case .integer(let value) = row["sequence"] { sequence = value }
        if case .text(let value) = row["row"] { text = value }
        if case .blob(let value) = row["mac"] { mac = value }
        return AuditRow(sequence: sequence, text: text, mac: mac)
    }
}
