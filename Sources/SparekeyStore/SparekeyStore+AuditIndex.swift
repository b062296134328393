public import Sparekey
import SparekeySQL

extension SparekeyStore: AuditIndex {
    public func rows(on lane: AuditLane, in span: AuditSpan, limit: Int) async throws -> [AuditRow] {
        try await database.transaction(.read) { connection in
            let order: SQLStatement = span.isNewestFirst ? "DESC" : "ASC"
            let after: SQLStatement = span.after.map { " AND sequence > \($0)" } ?? ""
            let before: SQLStatement = span.before.map { " AND sequence < \($0)" } ?? ""
            return try connection.query(
                """
                SELECT sequence, row, mac FROM audit
                WHERE \(part: Self.condition(lane, ColumnTypes(connection.dialect)))\(part: after)\(part: before)
                ORDER BY sequence \(part: order) LIMIT \(limit)
                """
            ).map(Self.auditRow)
        }
    }

    static func condition(_ lane: AuditLane, _ type: ColumnTypes) -> SQLStatement {
        let outcome = type.auditField(.outcome)
        return switch lane {
        case .all: "sequence IS NOT NULL"
        case .about(let id): "(\(part: type.auditField(.account))) = \(id)"
        case .actor(let id): "(\(part: type.auditField(.by))) = \(id)"
        case .action(let action): "(\(part: type.auditField(.action))) = \(action.rawValue)"
        case .outcome(let wanted):
            "(\(part: outcome)) = \(wanted.rawValue) AND (\(part: outcome)) <> 'done'"
        }
    }

    public func number(at time: Timestamp) async throws -> Int64? {
        try await database.transaction(.read) { connection in
            // Asked for both at once, SQLite would read every row.
            let ends = try connection.query(
                """
                SELECT (SELECT min(sequence) FROM audit) AS low, (SELECT max(sequence) FROM audit) AS high
                """
            ).first
            guard var low = try ends?.optionalInteger("low"), var high = try ends?.optionalInteger("high"),
                let last = try Self.record(atLeast: high, connection), last.at ?? time >= time
            else { return nil }
            while low < high {
                let middle = low + (high - low) / 2
                guard let record = try Self.record(atLeast: middle, connection) else { return nil }
                if record.at ?? time >= time { high = middle } else { low = record.sequence + 1 }
            }
            return high
        }
    }

    private static func record(atLeast number: Int64, _ connection: any SQLConnection) throws -> AuditRecord? {
        try connection.query(
            "SELECT sequence, row, mac FROM audit WHERE sequence >= \(number) ORDER BY sequence LIMIT 1"
        ).first.map { try AuditRecord(Self.auditRow($0)) }
    }

    public func links(of sequences: [Int64]) async throws -> AuditLinks {
        try await database.transaction(.read) { connection in
            let newest = try connection.query(
                "SELECT sequence, row, mac FROM audit WHERE sequence IS NOT NULL ORDER BY sequence DESC LIMIT 1"
            ).first.map(Self.auditRow)
            var macs: [Int64: [UInt8]] = [:]
            let wanted = Set(sequences + [newest?.sequence].compactMap { $0.map { $0 - 1 } })
            for row in try Self.macs(Array(wanted), connection) {
                let row = Self.auditRow(row)
                if let number = row.sequence { macs[number] = row.mac }
            }
            let counter = try connection.query("SELECT value FROM counter WHERE name = 'audit'").first
            return AuditLinks(
                epochs: try Self.epochs(connection), anchor: try StoreSchema.meta(AuditMeta.anchor, connection),
                appended: try counter?.integer("value") ?? 0, newest: newest, macs: macs)
        }
    }

    private static func macs(_ numbers: [Int64], _ connection: any SQLConnection) throws -> [SQLRow] {
        guard let first = numbers.first else { return [] }
        let list = numbers.dropFirst().reduce("\(first)" as SQLStatement) { $0 + ", \($1)" }
        return try connection.query("SELECT sequence, row, mac FROM audit WHERE sequence IN (\(part: list))")
    }

    /// The flow that holds single rows, and the trail's end, against their MACs.
    public var checkAuditRows: CheckAuditRows {
        CheckAuditRows(index: self, key: key, keeper: heads.keeper)
    }
}

extension SparekeyStore: ResetTally {
    public func resets(since: Timestamp) async throws -> [Int64: Int] {
        let rows = try await database.transaction(.read) { connection in
            try connection.query(
                """
                SELECT settled_at / 86400000000 AS day, count(*) AS n FROM reset
                WHERE state = 'done' AND undoes IS NULL AND proof <> 'currentPassword'
                  AND settled_at >= \(since.microseconds)
                GROUP BY settled_at / 86400000000
                """)
        }
        return Dictionary(try rows.map { (try $0.integer("day"), Int(try $0.integer("n"))) }) { first, _ in first }
    }
}
