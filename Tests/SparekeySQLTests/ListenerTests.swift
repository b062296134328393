import SparekeyPostgreSQL
import SparekeySQL
import SparekeyTesting
import Testing

@Suite("A listener hears what commits announce")
struct ListenerTests {
    @Test("where the database tells nobody anything there is none")
    func none() async throws {
        try await TestDatabase.with(.sqlite) { test in
            let database = try await test.open()
            let listener = try database.listener(on: "sparekey")
            #expect(listener == nil)
            await database.close()
        }
    }

    @Test("in the order of the commits, whoever commits, and nothing that was taken back", .enabled(if: hasServer))
    func commits() async throws {
        try await with { database, other, listener, channel in
            #expect(try await listener.next() == .listening)
            try await announce("one", channel, other)
            _ = await sqlError { try await announce("never", channel, other, failing: true) }
            try await announce("two", channel, database)
            var heard: [String] = []
            while heard.count < 2, case .heard(let texts) = try await listener.next() { heard += texts }
            #expect(heard == ["one", "two"])
        }
    }

    @Test("a connection that ends is said once, and the next call listens again", .enabled(if: hasServer))
    func lost() async throws {
        try await with { database, other, listener, channel in
            #expect(try await listener.next() == .listening)
            let ended = try await other.read(
                """
                SELECT pg_terminate_backend(pid) AS ended FROM pg_stat_activity
                WHERE query = \("LISTEN \"\(channel)\"") AND pid <> pg_backend_pid()
                """)
            #expect(ended.count == 1)
            let error = await sqlError { _ = try await listener.next() }
            #expect(error?.code == .connectionLost)
            #expect(try await listener.next() == .listening)
            try await announce("after", channel, database)
            #expect(try await listener.next() == .heard(["after"]))
        }
    }

    @Test("who waits is answered at once when cancelled", .enabled(if: hasServer))
    func cancelled() async throws {
        try await with { _, _, listener, _ in
            let first = try await listener.next()
            #expect(first == .listening)
            let waiting = Task { try await listener.next() }
            waiting.cancel()
            await #expect(throws: CancellationError.self) { _ = try await waiting.value }
        }
    }

    private static let hasServer = !TestDatabase.isWithoutPostgreSQL

    /// A channel of its own: a database is one for all schemas.
    private func with(
        _ body: (any SQLDatabase, any SQLDatabase, any SQLListener, String) async throws -> Void
    ) async throws {
        try await TestDatabase.with(.postgreSQL) { test in
            let channel = "test \(UInt64.random(in: 0...UInt64.max))"
            let (one, other) = (try await test.open(), try await test.open())
            let listener = try #require(try one.listener(on: channel))
            try await body(one, other, listener, channel)
            await listener.close()
            for database in [one, other] { await database.close() }
        }
    }

    private func announce(
        _ text: String, _ channel: String, _ database: any SQLDatabase, failing: Bool = false
    ) async throws {
        try await database.transaction(.write) { connection in
            _ = try connection.query("SELECT pg_notify(\(channel), \(text)) AS told")
            if failing { throw SQLError(.other, reason: "taken back") }
        }
    }
}
