import Foundation
import SparekeyMariaDB
import SparekeySQL
import SparekeyTesting
import Synchronization
import Testing

@Suite("A MariaDB server", .enabled(if: !TestDatabase.isWithoutMariaDB))
struct MariaDBConnectionTests {
    private static let ownProcess: SQLStatement = "SELECT CONNECTION_ID() AS pid"

    /// Ends a session and waits until the server has.
    private func terminate(_ process: Int64) async throws {
        try await TestDatabase.administerMariaDB(SQLStatement(stringLiteral: "KILL CONNECTION \(process)"))
        let server = try await MariaDBDatabase(url: try TestDatabase.mariaDB(), options: MariaDBOptions(connections: 1))
        while try await server.integer("SELECT count(*) FROM information_schema.PROCESSLIST WHERE ID = \(process)") != 0
        {
            await Task.yield()
        }
        await server.close()
    }

    @Test("a session that ends in mid-transaction is lost, and nothing of the change is kept")
    func lostInBetween() async throws {
        try await TestDatabase.with(.mariaDB) { test in
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
        try await TestDatabase.with(.mariaDB) { test in
            let database = try await test.open(connections: 1)
            try await database.write("CREATE TABLE a (id BIGINT)")
            let pause = Pause()
            let process = Mutex<Int64>(0)
            async let outcome = sqlError {
                try await database.transaction(.write) { connection in
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
        try await TestDatabase.with(.mariaDB) { test in
            let database = try await test.open(connections: 1)
            let first = try #require(try await database.integer(Self.ownProcess))
            try await terminate(first)
            let second = try await database.integer(Self.ownProcess)
            #expect(second != nil && second != first)
            await database.close()
        }
    }

    @Test("two that block each other are run again until both are done")
    func deadlock() async throws {
        try await TestDatabase.with(.mariaDB) { test in
            let database = try await test.open()
            try await database.write("CREATE TABLE a (id BIGINT PRIMARY KEY, n BIGINT)")
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
            #expect(try await database.integer("SELECT CAST(sum(n) AS SIGNED) FROM a") == 4)
            await database.close()
        }
    }

    @Test("other types come as integers, reals, bytes or text")
    func otherTypes() async throws {
        try await TestDatabase.with(.mariaDB) { test in
            let database = try await test.open()
            try await database.write(
                """
                CREATE TABLE o (t BOOLEAN, s SMALLINT ZEROFILL, u BIGINT UNSIGNED, n DECIMAL(10, 2), f FLOAT, y YEAR,
                  b BIT(12), d DATE, m DATETIME(6), z DATETIME, c CHAR(8), e ENUM('x', 'y'), v VARBINARY(4), k BINARY(3),
                  l TEXT CHARACTER SET latin1, g UUID)
                """)
            try await database.write(
                """
                INSERT INTO o VALUES (true, 7, 18446744073709551615, 1.50, 2.5, 2026, 2049, '2026-11-21',
                  '2026-11-21 10:00:00.5', '0000-00-00 00:00:00', 'ab', 'y', x'00ff', x'01', 'Zoë',
                  '6ba7b810-9dad-11d1-80b4-00c04fd430c8')
                """)
            let row = try #require(try await database.read("SELECT * FROM o").first)
            #expect(
                row.values == [
                    .integer(1), .integer(7), .text("18446744073709551615"), .text("1.50"), .real(2.5), .integer(2026),
                    .integer(2049), .text("2026-11-21"), .text("2026-11-21 10:00:00.500000"),
                    .text("0000-00-00 00:00:00"), .text("ab"), .text("y"), .blob([0, 255]), .blob([1, 0, 0]),
                    .text("Zoë"), .text("6ba7b810-9dad-11d1-80b4-00c04fd430c8"),
                ])
            await database.close()
        }
    }

    @Test("every session is strict, in utf8mb4 and UTC, and no statement runs for ever")
    func settings() async throws {
        try await TestDatabase.with(.mariaDB) { test in
            let database = try await test.open(timeout: .seconds(7))
            let row = try await database.read(
                """
                SELECT @@character_set_connection AS c, @@time_zone AS z, @@innodb_lock_wait_timeout AS l,
                  CAST(@@max_statement_time AS CHAR) AS s, @@sql_mode AS m, @@lock_wait_timeout AS t
                """
            ).first
            #expect(try row?.text("c") == "utf8mb4")
            #expect(try row?.text("z") == "+00:00")
            #expect(try row?.integer("l") == 7)
            #expect(try row?.integer("t") == 7)
            #expect(try row?.text("s") == "10.000000")
            #expect(try row?.text("m").contains("STRICT_ALL_TABLES") == true)
            try await database.write("CREATE TABLE a (name VARCHAR(3))")
            let cut = await sqlError { try await database.write("INSERT INTO a (name) VALUES (\("longer"))") }
            #expect(cut?.code == .other)
            #expect(!everythingSaid(by: cut).contains("longer"))
            await database.close()
        }
    }

    @Test("a statement that takes too long is ended by the server")
    func slow() async throws {
        let options = MariaDBOptions(connections: 1, statementTimeout: .seconds(1))
        let database = try await MariaDBDatabase(url: try TestDatabase.mariaDB("mysql"), options: options)
        let error = await sqlError {
            _ = try await database.read("SELECT count(*) FROM seq_1_to_100000 a JOIN seq_1_to_1000000 b")
        }
        #expect(error?.code == .busy)
        #expect(try await database.integer("SELECT 1 AS n") == 1)
        await database.close()
    }
}
