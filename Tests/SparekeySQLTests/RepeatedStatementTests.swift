import SparekeySQL
import SparekeyTesting
import Testing

@Suite("A statement that is run again and again")
struct RepeatedStatementTests {
    @Test("takes other values each time, NULL among them", arguments: TestDatabase.Kind.drivers)
    func values(_ kind: TestDatabase.Kind) async throws {
        try await TestDatabase.with(kind) { test in
            let database = try await test.open(connections: 1)
            try await database.write("CREATE TABLE a (id BIGINT PRIMARY KEY, t VARCHAR(40), n BIGINT)")
            for number in 0..<9 {
                let text: String? = number % 3 == 1 ? nil : "row \(number)"
                let count: Int64? = number % 4 == 2 ? nil : Int64(number)
                let changed = try await database.write(
                    "INSERT INTO a (id, t, n) VALUES (\(number), \(text.sqlValue), \(count.sqlValue))")
                #expect(changed == 1)
                let row = try #require(try await database.read("SELECT t, n FROM a WHERE id = \(number)").first)
                #expect(try row.optionalText("t") == text)
                #expect(try row.optionalInteger("n") == count)
            }
            await database.close()
        }
    }

    @Test("a failed one is no hindrance to the next", arguments: TestDatabase.Kind.drivers)
    func failures(_ kind: TestDatabase.Kind) async throws {
        try await TestDatabase.with(kind) { test in
            let database = try await test.open(connections: 1)
            try await database.write("CREATE TABLE a (id BIGINT PRIMARY KEY)")
            for number in [1, 1, 1, 2, 2, 3] {
                _ = await sqlError { try await database.write("INSERT INTO a (id) VALUES (\(number))") }
            }
            #expect(try await database.integer("SELECT count(*) FROM a") == 3)
            await database.close()
        }
    }

    @Test("a table that somebody else has changed meanwhile is read as it is now", arguments: TestDatabase.Kind.all)
    func changedTable(_ kind: TestDatabase.Kind) async throws {
        try await TestDatabase.with(kind) { test in
            let (one, other) = (try await test.open(connections: 1), try await test.open(connections: 1))
            try await one.write("CREATE TABLE a (id BIGINT)")
            try await one.write("INSERT INTO a (id) VALUES (1)")
            for _ in 0..<4 { #expect(try await one.read("SELECT * FROM a").first?.columns == ["id"]) }
            try await other.write("ALTER TABLE a ADD COLUMN n BIGINT")
            #expect(try await one.read("SELECT * FROM a").first?.columns == ["id", "n"])
            for database in [one, other] { await database.close() }
        }
    }
}
