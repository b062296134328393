import SparekeySQL
import SparekeyTesting
import Testing

@Suite("What goes into a database comes out of it")
struct ValueTests {
    private static let values: [SQLValue] = [
        .null, .integer(0), .integer(.min), .integer(.max), .real(0.1), .real(-1e300), .real(.infinity), .text(""),
        .text("O'Hara \"quoted\" \\ % ? $1 ; --"), .text("Zoë 👩‍👩‍👧 日本"), .text("line\nline\r\ttab"), .blob([]),
        .blob([0, 1, 0, 255, 0x5C, 0x27]), .blob(Array(0...255)),
    ]

    @Test("every value comes back as it was bound", arguments: TestDatabase.Kind.drivers)
    func roundTrip(_ kind: TestDatabase.Kind) async throws {
        try await TestDatabase.with(kind) { test in
            let database = try await test.open()
            try await database.write(Self.table(database.dialect))
            // MariaDB has no infinity.
            let values = Self.values.filter { kind != .mariaDB || $0 != .real(.infinity) }
            for (id, value) in values.enumerated() {
                try await database.write(Self.insert(id, value))
            }
            let rows = try await database.read("SELECT i, r, t, b FROM v ORDER BY id")
            let back = rows.map { row in row.values.first { $0 != .null } ?? .null }
            #expect(back == values)
            await database.close()
        }
    }

    @Test("a value is found by the same value", arguments: TestDatabase.Kind.drivers)
    func comparison(_ kind: TestDatabase.Kind) async throws {
        try await TestDatabase.with(kind) { test in
            let database = try await test.open()
            try await database.write(Self.table(database.dialect))
            try await database.write(Self.insert(1, .text("a ? b")))
            try await database.write(Self.insert(2, .blob([0, 1])))
            let found = try await database.integer(
                "SELECT count(*) FROM v WHERE t = \("a ? b") OR b = \([UInt8]([0, 1]))")
            #expect(found == 2)
            await database.close()
        }
    }

    @Test("a text with U+0000 is refused instead of shortened", arguments: TestDatabase.Kind.drivers)
    func nulInText(_ kind: TestDatabase.Kind) async throws {
        try await TestDatabase.with(kind) { test in
            let database = try await test.open()
            try await database.write(Self.table(database.dialect))
            let error = await sqlError { try await database.write(Self.insert(1, .text("root\0x"))) }
            #expect(error?.code == .other)
            #expect(error?.reason.contains("root") == false)
            #expect(try await database.integer("SELECT count(*) FROM v") == 0)
            await database.close()
        }
    }

    @Test("a text read as an integer is an error of the seam", arguments: TestDatabase.Kind.drivers)
    func otherType(_ kind: TestDatabase.Kind) async throws {
        try await TestDatabase.with(kind) { test in
            let database = try await test.open()
            let row = try #require(try await database.read("SELECT CAST('x' AS CHAR) AS value").first)
            #expect(throws: SQLError(.unexpectedType, reason: "")) { try row.integer("value") }
            await database.close()
        }
    }

    @Test("a quoted name may hold a quote", arguments: TestDatabase.Kind.drivers)
    func quotedName(_ kind: TestDatabase.Kind) async throws {
        try await TestDatabase.with(kind) { test in
            let database = try await test.open()
            let name = "odd \"name\" ' of a table"
            try await database.write("CREATE TABLE \(identifier: name) (id BIGINT)")
            #expect(try await database.write("INSERT INTO \(identifier: name) (id) VALUES (\(1))") == 1)
            await database.close()
        }
    }

    @Test("a description shows places and never values")
    func description() {
        let statement: SQLStatement = "UPDATE a SET hash = \("s3cret") WHERE id = \(7)"
        #expect(statement.description == "UPDATE a SET hash = ? WHERE id = ?")
    }

    private static func table(_ dialect: SQLDialect) -> SQLStatement {
        switch dialect {
        case .sqlite: "CREATE TABLE v (id INTEGER PRIMARY KEY, i INTEGER, r REAL, t TEXT, b BLOB)"
        case .mariaDB: "CREATE TABLE v (id BIGINT PRIMARY KEY, i BIGINT, r DOUBLE, t LONGTEXT, b LONGBLOB)"
        case .postgreSQL:
            "CREATE TABLE v (id BIGINT PRIMARY KEY, i BIGINT, r DOUBLE PRECISION, t TEXT, b BYTEA)"
        }
    }

    private static func insert(_ id: Int, _ value: SQLValue) -> SQLStatement {
        switch value {
        case .null: "INSERT INTO v (id, i, r, t, b) VALUES (\(id), \(value), \(value), \(value), \(value))"
        case .integer: "INSERT INTO v (id, i) VALUES (\(id), \(value))"
        case .real: "INSERT INTO v (id, r) VALUES (\(id), \(value))"
        case .text: "INSERT INTO v (id, t) VALUES (\(id), \(value))"
        case .blob: "INSERT INTO v (id, b) VALUES (\(id), \(value))"
        }
    }
}
