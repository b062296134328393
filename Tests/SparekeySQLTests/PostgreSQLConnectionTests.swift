import SparekeyPostgreSQL
import SparekeySQL
import SparekeyTesting
import Synchronization
import Testing

@Suite("A PostgreSQL server that goes away", .enabled(if: !TestDatabase.isWithoutPostgreSQL))
struct PostgreSQLConnectionTests {
    private static let ownProcess: SQLStatement = "SELECT pg_backend_pid() AS pid"

    private func terminate(_ process: Int64) async throws {
        let rows = try await TestDatabase.administer(
            "SELECT pg_terminate_backend(CAST(\(process) AS INTEGER), 5000) AS ended")
        #expect(try rows.first?.bool("ended") == true)
    }

    @Test("a session that ends in mid-transaction is lost, and nothing of the change is kept")
    func lostInBetween() async throws {
        try await TestDatabase.with(.postgreSQL) { test in
            let database = try await test.open(connections: 1)
            try await database.write("CREATE TABLE a (id BIGINT)")
            let pause = Pause()
            let process = Mutex<Int64>(0)
            async let outcome = sqlError {
                try await database.transaction(.write) { connection in
                    try connection.execute("INSERT INTO a (id) VALUES (1)")
                    let own = try connection.query(Self.ownProcess).first?.integer("pid") ?? 0
                    process.withLock { $0 = own }
                    pause.here()
                    try connection.execute("INSERT INTO a (id) VALUES (2)")
                }
            }
            await pause.reached()
            try await terminate(process.withLock { $0 })
            pause.goOn()
            let error = await outcome
            #expect(error?.code == .connectionLost)
            #expect(error?.reason.contains("nothing of it was kept") == true)
            #expect(try await database.integer("SELECT count(*) FROM a") == 0)
            await database.close()
        }
    }

    @Test("a session that ends before the commit leaves the outcome open")
    func lostAtCommit() async throws {
        try await TestDatabase.with(.postgreSQL) { test in
            let database = try await test.open(connections: 1)
            try await database.write("CREATE TABLE a (id BIGINT)")
            let pause = Pause()
            let process = Mutex<Int64>(0)
            async let outcome = sqlError {
                try await database.transaction(.write) { connection in
                    try connection.execute("INSERT INTO a (id) VALUES (1)")
                    let own = try connection.query(Self.ownProcess).first?.integer("pid") ?? 0
                    process.withLock { $0 = own }
                    pause.here()
                }
            }
            await pause.reached()
            try await terminate(process.withLock { $0 })
            pause.goOn()
            let error = await outcome
            #expect(error?.code == .connectionLost)
            #expect(error?.reason.contains("as a whole or not at all") == true)
            await database.close()
        }
    }

    @Test("a session that ended while idle is opened again without a word")
    func lostWhileIdle() async throws {
        try await TestDatabase.with(.postgreSQL) { test in
            let database = try await test.open(connections: 1)
            let first = try #require(try await database.integer(Self.ownProcess))
            try await terminate(first)
            let attempts = Mutex(0)
            let second = try await database.transaction(.write) { connection in
                attempts.withLock { $0 += 1 }
                return try connection.query(Self.ownProcess).first?.integer("pid")
            }
            #expect(second != nil && second != first)
            #expect(attempts.withLock { $0 } == 1)
            await database.close()
        }
    }

    @Test("two that block each other are run again until both are done")
    func deadlock() async throws {
        try await TestDatabase.with(.postgreSQL) { test in
            let database = try await test.open()
            try await database.write("CREATE TABLE a (id BIGINT, n BIGINT)")
            try await database.write("INSERT INTO a (id, n) VALUES (1, 0), (2, 0)")
            let attempts = Mutex(0)
            let (one, other) = (Pause(), Pause())
            let cross: @Sendable (Pause, Int, Int) async throws -> Void = { pause, first, second in
                let isFirst = Mutex(true)
                try await database.transaction(.write) { connection in
                    attempts.withLock { $0 += 1 }
                    try connection.execute("UPDATE a SET n = n + 1 WHERE id = \(first)")
                    let waits = isFirst.withLock { isFirst in
                        defer { isFirst = false }
                        return isFirst
                    }
                    if waits { pause.here() }
                    try connection.execute("UPDATE a SET n = n + 1 WHERE id = \(second)")
                }
            }
            async let left: Void = cross(one, 1, 2)
            async let right: Void = cross(other, 2, 1)
            await one.reached()
            await other.reached()
            one.goOn()
            other.goOn()
            try await left
            try await right
            #expect(attempts.withLock { $0 } == 3)
            #expect(try await database.integer("SELECT CAST(sum(n) AS BIGINT) FROM a") == 4)
            await database.close()
        }
    }

    @Test("who finds every connection lent gets busy after the patience")
    func exhausted() async throws {
        try await TestDatabase.with(.postgreSQL) { test in
            let database = try await test.open(timeout: .milliseconds(100), connections: 1)
            let pause = Pause()
            async let held: Void = database.transaction(.read) { _ in pause.here() }
            await pause.reached()
            let error = await sqlError { _ = try await database.read("SELECT 1") }
            #expect(error?.code == .busy)
            pause.goOn()
            try await held
            #expect(try await database.read("SELECT 1").count == 1)
            await database.close()
        }
    }

    @Test("other types come as integers or as text")
    func otherTypes() async throws {
        try await TestDatabase.with(.postgreSQL) { test in
            let database = try await test.open()
            let row = try #require(
                try await database.read(
                    """
                    SELECT true AS t, false AS f, CAST(7 AS SMALLINT) AS s, CAST(1.50 AS NUMERIC) AS n, \
                    CAST(\("6ba7b810-9dad-11d1-80b4-00c04fd430c8") AS UUID) AS u, CAST(2.5 AS REAL) AS r
                    """
                ).first)
            #expect(
                row.values == [
                    .integer(1), .integer(0), .integer(7), .text("1.50"),
                    .text("6ba7b810-9dad-11d1-80b4-00c04fd430c8"), .real(2.5),
                ])
            await database.close()
        }
    }
}
