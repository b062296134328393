import SparekeySQL
import SparekeyTesting
import Synchronization
import Testing

@Suite("A transaction is kept as a whole or not at all")
struct TransactionTests {
    private struct Refused: Error {}

    private func withTable(_ kind: TestDatabase.Kind, _ body: @Sendable (any SQLDatabase) async throws -> Void)
        async throws
    {
        try await TestDatabase.with(kind) { test in
            let database = try await test.open()
            try await database.write("CREATE TABLE a (id BIGINT PRIMARY KEY, name VARCHAR(100) NOT NULL, n BIGINT)")
            try await database.write("CREATE UNIQUE INDEX a_name ON a (name)")
            try await body(database)
            await database.close()
        }
    }

    @Test("a body that throws leaves nothing behind", arguments: TestDatabase.Kind.drivers)
    func rollBack(_ kind: TestDatabase.Kind) async throws {
        try await withTable(kind) { database async throws in
            await #expect(throws: Refused.self) {
                try await database.transaction(.write) { connection in
                    try connection.execute("INSERT INTO a (id, name) VALUES (1, 'x')")
                    throw Refused()
                }
            }
            #expect(try await database.integer("SELECT count(*) FROM a") == 0)
        }
    }

    @Test("row counts count the rows found, changed or not", arguments: TestDatabase.Kind.drivers)
    func rowCounts(_ kind: TestDatabase.Kind) async throws {
        try await withTable(kind) { database async throws in
            #expect(try await database.write("INSERT INTO a (id, name, n) VALUES (1, 'x', 5), (2, 'y', 5)") == 2)
            #expect(try await database.write("UPDATE a SET n = 5") == 2)
            #expect(try await database.write("UPDATE a SET n = 6 WHERE id = \(1) AND n = \(7)") == 0)
            let ignored: SQLStatement =
                database.dialect == .mariaDB
                ? "INSERT IGNORE INTO a (id, name) VALUES (1, 'x')"
                : "INSERT INTO a (id, name) VALUES (1, 'x') ON CONFLICT DO NOTHING"
            #expect(try await database.write(ignored) == 0)
            #expect(try await database.write("CREATE TABLE b (id BIGINT)") == 0)
            #expect(try await database.transaction(.write) { try $0.execute("SELECT id FROM a") } == 0)
            #expect(try await database.write("DELETE FROM a") == 2)
        }
    }

    @Test("a refused row names the rule and no value", arguments: TestDatabase.Kind.drivers)
    func constraint(_ kind: TestDatabase.Kind) async throws {
        try await withTable(kind) { database async throws in
            try await database.write("INSERT INTO a (id, name) VALUES (1, \("secret-name"))")
            let error = await sqlError {
                try await database.write("INSERT INTO a (id, name) VALUES (77123, \("secret-name"))")
            }
            #expect(error?.code == .constraint)
            let said = everythingSaid(by: error)
            #expect(said.contains("name"))
            #expect(!said.contains("secret"))
        }
    }

    @Test("an error about a value does not show the value", arguments: TestDatabase.Kind.drivers)
    func valueInError(_ kind: TestDatabase.Kind) async throws {
        try await withTable(kind) { database async throws in
            let statement: SQLStatement =
                switch database.dialect {
                case .postgreSQL: "SELECT CAST(\("secret-value") AS BIGINT)"
                case .sqlite: "SELECT json_extract('{}', \("secret-value"))"
                case .mariaDB: "SELECT extractvalue('<a/>', \("secret-value["))"
                }
            let error = await sqlError { _ = try await database.read(statement) }
            #expect(error?.code == .other)
            let said = everythingSaid(by: error)
            #expect(!said.contains("secret"))
        }
    }

    @Test("a failed statement ends the transaction though the body goes on", arguments: TestDatabase.Kind.drivers)
    func failedStatement(_ kind: TestDatabase.Kind) async throws {
        try await withTable(kind) { database async throws in
            let error = await sqlError {
                try await database.transaction(.write) { connection in
                    try connection.execute("INSERT INTO a (id, name) VALUES (1, 'x')")
                    _ = try? connection.execute("INSERT INTO a (id, name) VALUES (1, 'y')")
                    _ = try? connection.execute("INSERT INTO a (id, name) VALUES (2, 'z')")
                }
            }
            #expect(error?.code == .constraint)
            #expect(try await database.integer("SELECT count(*) FROM a") == 0)
        }
    }

    @Test(
        "a body is run again after a conflict, and only its last attempt is kept", arguments: TestDatabase.Kind.drivers)
    func runAgain(_ kind: TestDatabase.Kind) async throws {
        try await withTable(kind) { database async throws in
            let attempts = Mutex<Int64>(0)
            let again: SQLError.Code = kind == .sqlite ? .busy : .conflict
            try await database.transaction(.write) { connection in
                let attempt = attempts.withLock { attempts in
                    attempts += 1
                    return attempts
                }
                try connection.execute("INSERT INTO a (id, name) VALUES (\(attempt), \("attempt \(attempt)"))")
                if attempt < 3 { throw SQLError(again, reason: "made up") }
            }
            #expect(try await database.read("SELECT id FROM a").map(\.values) == [[.integer(3)]])
        }
    }

    @Test("a write inside a read is refused, and the next write works", arguments: TestDatabase.Kind.drivers)
    func writeInsideRead(_ kind: TestDatabase.Kind) async throws {
        try await withTable(kind) { database async throws in
            let error = await sqlError {
                try await database.transaction(.read) { connection in
                    _ = try connection.execute("INSERT INTO a (id, name) VALUES (1, 'x')")
                }
            }
            #expect(error?.code == .readOnly)
            #expect(try await database.write("INSERT INTO a (id, name) VALUES (1, 'x')") == 1)
        }
    }

    @Test("a read sees one snapshot while others write", arguments: TestDatabase.Kind.drivers)
    func snapshot(_ kind: TestDatabase.Kind) async throws {
        try await TestDatabase.with(kind) { test in
            let database = try await test.open()
            let other = try await test.open()
            try await database.write("CREATE TABLE a (id BIGINT)")
            let pause = Pause()
            async let counts = database.transaction(.read) { connection in
                let first = try connection.query("SELECT count(*) AS n FROM a").first?.integer("n")
                pause.here()
                return [first, try connection.query("SELECT count(*) AS n FROM a").first?.integer("n")]
            }
            await pause.reached()
            try await other.write("INSERT INTO a (id) VALUES (1)")
            pause.goOn()
            #expect(try await counts == [0, 0])
            await other.close()
            await database.close()
        }
    }

    @Test("a statement with an error in it is refused, and the database works on", arguments: TestDatabase.Kind.drivers)
    func badStatement(_ kind: TestDatabase.Kind) async throws {
        try await withTable(kind) { database async throws in
            let error = await sqlError { try await database.write("INSERT INTO nowhere (id) VALUES (\(1))") }
            #expect(error?.code == .other)
            #expect(String(describing: try #require(error?.cause)).contains("INSERT INTO nowhere (id) VALUES (?)"))
            #expect(try await database.integer("SELECT count(*) FROM a") == 0)
        }
    }
}
