/// What exactly a database said, as the cause of an ``SQLError``: for the log, never for the public.
///
/// Holds the database's own code and the statement with `?` for every value, so no bound value can be in it (SEC-8).
public struct SQLFailureDetail: Error, Sendable, CustomStringConvertible {
    /// `SQLite 2067` (an extended result code) or `SQLSTATE 23505`.
    public let code: String
    /// The statement as written, or nil outside a statement.
    public let statement: String?

    public init(code: String, statement: SQLStatement? = nil) {
        self.code = code
        self.statement = statement?.description
    }

    public var description: String {
        guard let statement else { return code }
        return "\(code) in: \(statement)"
    }
}
