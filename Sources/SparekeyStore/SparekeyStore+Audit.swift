import Sparekey
import SparekeySQL

extension SparekeyStore {
    /// Appends a row to the audit trail inside the transaction of what it records (SEC-10).
    ///
    /// The counter's row is updated first, so that on PostgreSQL two transactions cannot link to the same row: the
    /// second waits until the first has ended.
    func appendAudit(_ event: AuditEvent, _ connection: any SQLConnection) throws {
        try appendAudit(event, under: chain, connection)
        (connection as? AppendingConnection)?.noted(event.action)
    }

    /// A row that was made earlier, as ``AuditEvent/row`` made it: of a reset.
    func appendAudit(row: String, _ connection: any SQLConnection) throws {
        try appendAudit(row: row, under: chain, connection)
        (connection as? AppendingConnection)?.noted(.passwordReset)
    }

    /// - Returns: the row's number.
    @discardableResult
    func appendAudit(_ event: AuditEvent, under chain: AuditChain, _ connection: any SQLConnection) throws -> Int64 {
        try appendAudit(row: event.row, under: chain, connection)
    }

    @discardableResult
    private func appendAudit(row: String, under chain: AuditChain, _ connection: any SQLConnection) throws -> Int64 {
        let transaction = connection as? AppendingConnection
        let (sequence, previous) = try Self.nextInTrail(after: transaction?.stretch?.last, connection)
        let mac = chain.link(previous: previous, sequence: sequence, row: row)
        try connection.execute("INSERT INTO audit (sequence, row, mac) VALUES (\(sequence), \(row), \(mac))")
        transaction?.append(
            AuditHead(sequence: sequence, mac: mac), after: AuditHead(sequence: sequence - 1, mac: previous))
        return sequence
    }

    /// The trail's next number, and the MAC that it links to; empty for the first.
    ///
    /// - Parameter last: the row before, where this transaction has appended it.
    private static func nextInTrail(
        after last: AuditHead?, _ connection: any SQLConnection
    ) throws -> (sequence: Int64, previous: [UInt8]) {
        let changed = try connection.execute("UPDATE counter SET value = value + 1 WHERE name = 'audit'")
        if changed == 1, let last { return (last.sequence + 1, last.mac) }
        let row = try connection.query(
            """
            SELECT c.value, a.mac FROM counter c LEFT JOIN audit a ON a.sequence = c.value - 1 WHERE c.name = 'audit'
            """
        ).first
        guard changed == 1, let row else { throw missing("audit") }
        return (try row.integer("value"), try row.optionalBlob("mac") ?? [])
    }

    /// The next number of a counter, gapless and in the order of commits.
    static func next(_ counter: String, _ connection: any SQLConnection) throws -> Int64 {
        let changed = try connection.execute("UPDATE counter SET value = value + 1 WHERE name = \(counter)")
        guard changed == 1, let row = try connection.query("SELECT value FROM counter WHERE name = \(counter)").first
        else { throw missing(counter) }
        return try row.integer("value")
    }

    private static func missing(_ counter: String) -> StoreError {
        StoreError(.damaged, reason: "the counter \(counter) is gone")
    }
}
