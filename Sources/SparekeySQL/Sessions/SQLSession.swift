/// One session on a database server, as a driver gives it to ``SessionConnection``. Not thread-safe: it lives on the
/// thread of one connection.
public protocol SQLSession: AnyObject {
    var dialect: SQLDialect { get }

    /// Whether the session is gone: nothing can be undone on it any more, because the server has undone it already.
    var isLost: Bool { get }

    /// Whether it is there and outside a transaction.
    var isIdle: Bool { get }

    func begin(_ access: SQLAccess) throws

    /// - Throws: ``SQLError``, `connectionLost` among them, also where the server undid the change instead of keeping it.
    func commit() throws

    func rollBack() throws

    func execute(_ statement: SQLStatement) throws -> Int

    func query(_ statement: SQLStatement) throws -> [SQLRow]
}
