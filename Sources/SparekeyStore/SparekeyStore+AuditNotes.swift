public import Sparekey
import SparekeySQL

extension SparekeyStore {
    public func record(_ note: AuditNote) async throws {
        if !note.isCounted, try await database.transaction(.read, { try Self.isOpen(note, $0) }) { return }
        _ = try await database.transaction(.write) { connection in
            // Again when another transaction has opened the note in between.
            while try !Self.count(note, connection) {
                let previous = try Self.previous(note.key, connection)
                guard try Self.open(note, connection) else { continue }
                if let previous { try appendFurther(previous, at: note.event.at, connection) }
                try appendAudit(note.event, connection)
                break
            }
            return try settleNotes(now: note.event.at, limit: 4, connection)
        }
    }

    public func settleNotes(now: Timestamp, limit: Int) async throws -> Int {
        try await database.transaction(.write) { try settleNotes(now: now, limit: limit, $0) }
    }

    /// Notes are locked before the counter of the audit trail, and never waited for after it.
    private func settleNotes(now: Timestamp, limit: Int, _ connection: any SQLConnection) throws -> Int {
        let skip: SQLStatement = connection.dialect == .postgreSQL ? " FOR UPDATE SKIP LOCKED" : ""
        let ended = try connection.query(
            """
            SELECT key, action, outcome, name, address, further, begun_at FROM audit_note
            WHERE ends_at <= \(now.microseconds) OR begun_at > \((now + .seconds(60)).microseconds)
            LIMIT \(limit)\(part: skip)
            """)
        for row in ended {
            try appendFurther(row, at: now, connection)
            try connection.execute("DELETE FROM audit_note WHERE key = \(try row.blob("key"))")
        }
        return ended.count
    }

    /// The row about tries that were only counted.
    private func appendFurther(_ row: SQLRow, at now: Timestamp, _ connection: any SQLConnection) throws {
        let further = try row.integer("further")
        guard further > 0, let action = AuditEvent.Action(rawValue: try row.text("action")),
            let outcome = AuditEvent.Outcome(rawValue: try row.text("outcome"))
        else { return }
        let begun = Timestamp(microseconds: try row.integer("begun_at")).rfc3339
        let event = AuditEvent(
            action, actor: .visitor(address: try row.optionalText("address")), at: now, account: nil,
            reason: "\(further) more in the minute from \(begun)", outcome: outcome,
            nameHash: try row.optionalText("name"))
        try appendAudit(event, connection)
    }

    private static func previous(_ key: [UInt8], _ connection: any SQLConnection) throws -> SQLRow? {
        let lock: SQLStatement = connection.dialect == .postgreSQL ? " FOR UPDATE" : ""
        return try connection.query(
            """
            SELECT action, outcome, name, address, further, begun_at FROM audit_note
            WHERE key = \(key)\(part: lock)
            """
        ).first
    }

    private static func isOpen(_ note: AuditNote, _ connection: any SQLConnection) throws -> Bool {
        try !connection.query(
            "SELECT 1 AS found FROM audit_note WHERE key = \(note.key) AND \(part: window(note))"
        ).isEmpty
    }

    /// False when the trail is to get a row of its own.
    private static func count(_ note: AuditNote, _ connection: any SQLConnection) throws -> Bool {
        try connection.execute(
            """
            UPDATE audit_note SET further = further + \(note.isCounted ? 1 : 0)
            WHERE key = \(note.key) AND \(part: window(note))
            """) == 1
    }

    private static func open(_ note: AuditNote, _ connection: any SQLConnection) throws -> Bool {
        let event = note.event
        let now = event.at.microseconds
        return try connection.execute(
            """
            INSERT INTO audit_note (key, action, outcome, name, address, further, begun_at, ends_at)
            VALUES (\(note.key), \(event.action.rawValue), \(event.outcome.rawValue), \(event.nameHash.sqlValue),
              \(event.actor.address.sqlValue), 0, \(now), \((event.at + note.period).microseconds))
            ON CONFLICT (key) DO UPDATE SET address = excluded.address, further = 0, begun_at = excluded.begun_at,
              ends_at = excluded.ends_at
            WHERE NOT (\(part: window(note)))
            """) == 1
    }

    /// The note's minute is not over. One that began more than a minute from now was opened before the clock was put back.
    private static func window(_ note: AuditNote) -> SQLStatement {
        let now = note.event.at
        return
            "audit_note.ends_at > \(now.microseconds) AND audit_note.begun_at <= \((now + .seconds(60)).microseconds)"
    }
}
