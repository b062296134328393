internal import SparekeySQL

/// A session advisory lock on a connection of its own, held until released or until that session ends.
///
/// A pooler that shares sessions between clients (pgbouncer in transaction mode) breaks this: Sparekey needs the server
/// itself or a pooler in session mode.
final class PostgreSQLLock: SQLLock {
    /// "Sparekey" in ASCII, laid over every number so that locks of other programs in one database stay apart.
    static let namespace: Int64 = 0x5370_6172_656B_6579

    private let connection: PostgreSQLConnection
    private let key: Int64

    /// Nil when somebody else holds the lock.
    init?(_ number: Int64, _ connection: PostgreSQLConnection) async throws {
        self.connection = connection
        key = number ^ Self.namespace
        do {
            // A server may end sessions that say nothing for a while (since version 14); this one is silent on purpose.
            _ = try await connection.query(
                "SELECT set_config(name, '0', false) FROM pg_settings WHERE name = 'idle_session_timeout'")
            let rows = try await connection.query("SELECT pg_try_advisory_lock(\(key)) AS taken")
            if try rows.first?.bool("taken") == true { return }
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

    func release() async {
        // Unlocked by word first: the server notices a closed connection only a moment later. If the word does not get
        // through, the session is gone and the lock with it.
        let connection = connection
        let key = key
        _ = try? await connection.query("SELECT pg_advisory_unlock(\(key)) AS freed")
        await connection.close()
    }
}
