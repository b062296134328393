import Sparekey
import SparekeySQL

extension SparekeyStore {
    /// Appends a row to the audit trail inside the transaction of what it records (SEC-10).
    ///
    /// The counter's row is updated first, so that on PostgreSQL two transactions cannot link to the same row: the
    /// second waits until the first has ended.
    func appendAudit(_ event: AuditEvent, _ connection: any SQLConnection) throws {
        try appendAudit(row: event.row(), connection)
    }

    /// A row that was made earlier, as ``AuditEvent/row()`` made it.
    func appendAudit(row: String, _ connection: any SQLConnection) throws {
        try appendAudit(row: row, under: chain, connection)
        (connection as? AppendingConnection)?.hasAppended = true
    }

    /// - Returns: the row's number.
    @discardableResult
    func appendAudit(_ event: AuditEvent, under chain: AuditChain, _ connection: any SQLConnection) throws -> Int64 {
        try appendAudit(row: event.row(), under: chain, connection)
    }

    @discardableResult
    private func appendAudit(row: String, under chain: AuditChain, _ connection: any SQLConnection) throws -> Int64 {
        let sequence = try Self.next("audit", connection)
        let previous = try connection.query("SELECT mac FROM audit WHERE sequence = \(sequence - 1)").first?.blob("mac")
        let mac = chain.link(previous: previous ?? [], sequence: sequence, row: row)
        try connection.execute("INSERT INTO audit (sequence, row, mac) VALUES (\(sequence), \(row), \(mac))")
        return sequence
    }

    /// The next number of a counter, gapless and in the order of commits.
    static func next(_ counter: String, _ connection: any SQLConnection) throws -> Int64 {
        let changed = try connection.execute("UPDATE counter SET value = value + 1 WHERE name = \(counter)")
        guard changed == 1, let row = try connection.query("SELECT value FROM counter WHERE name = \(counter)").first
        else { throw StoreError(.damaged, reason: "the counter \(counter) is gone") }
        return try row.integer("value")
    }
}
