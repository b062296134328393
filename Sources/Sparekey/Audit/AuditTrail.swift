/// One row of the audit trail as it is stored, whoever wrote it.
public struct AuditRow: Sendable, Hashable {
    /// Nil when the database holds something else than a whole number there.
    public let sequence: Int64?
    /// The JSON text that the MAC was taken over; nil when it is no text.
    public let text: String?
    /// Nil when it is no run of bytes.
    public let mac: [UInt8]?

    public init(sequence: Int64?, text: String?, mac: [UInt8]?) {
        self.sequence = sequence
        self.text = text
        self.mac = mac
    }
}

/// A page of the trail, and what the database says of the whole in the same moment.
public struct AuditPage: Sendable {
    public let rows: [AuditRow]
    /// How many rows were ever appended.
    public let appended: Int64
    /// Rows without any number: no page can show them.
    public let unnumbered: Int

    public init(rows: [AuditRow], appended: Int64, unnumbered: Int) {
        self.rows = rows
        self.appended = appended
        self.unnumbered = unnumbered
    }
}

/// The audit trail for reading. Appending is part of the transaction that a row records, and has no port of its own.
public protocol AuditTrail: Sendable {
    /// The next rows in the order they were written; `after` nil begins at the first.
    func rows(after: Int64?, limit: Int) async throws -> AuditPage

    /// What the rows stand on, all of one moment. Reads the beginning of every row.
    func footing() async throws -> AuditFooting

    /// The next rows, newest first; `before` nil begins at the last.
    func rows(before: Int64?, limit: Int) async throws -> AuditPage
}
