/// A lock that belongs to a session of its own, held until released or until that session ends.
///
/// A pooler that shares sessions between clients (pgbouncer in transaction mode, ProxySQL) breaks this: Sparekey needs
/// the server itself or a pooler in session mode.
public final class SessionLock: SQLLock {
    private let connection: SessionConnection
    private let free: SQLStatement

    /// Nil when somebody else holds the lock.
    ///
    /// - Parameters:
    ///   - connection: one that nobody else uses; closed with the lock.
    ///   - patient: run first; keeps the server from ending a session that only waits.
    ///   - take: answers a column `taken`, which is true (1) for who has the lock now.
    ///   - free: gives the lock back.
    public init?(
        _ connection: SessionConnection, patient: SQLStatement, take: SQLStatement, free: SQLStatement
    ) async throws {
        self.connection = connection
        self.free = free
        do {
            _ = try await connection.query(patient)
            if try await connection.query(take).first?.optionalInteger("taken") == 1 { return }
        } catch {
            await connection.close()
            throw error
        }
        await connection.close()
        return nil
    }

    deinit {
        connection.end()
    }

    public func release() async {
        // Unlocked by word first: the server notices a closed connection only a moment later. If the word does not get
        // through, the session is gone and the lock with it.
        _ = try? await connection.query(free)
        await connection.close()
    }
}
