import SparekeySQL
import SparekeyTesting
import Testing

@Suite("A value in the form that its column keeps")
struct ColumnValueTests {
    /// A table of hostile column names: text that folds, truth, binary, a uuid and a time.
    private static func table(_ kind: TestDatabase.Kind) -> SQLStatement {
        switch kind {
        case .sqlite:
            """
            CREATE TABLE "user" (id INTEGER PRIMARY KEY, "isActive" BOOLEAN, hash TEXT COLLATE NOCASE, "raw""x" BLOB,
            key UUID, seen DATETIME)
            """
        case .postgreSQL:
            """
            CREATE TABLE "user" (id INTEGER PRIMARY KEY, "isActive" BOOLEAN, hash VARCHAR(20), "raw""x" BYTEA, key UUID,
            seen TIMESTAMPTZ)
            """
        case .mariaDB:
            """
            CREATE TABLE `user` (id INTEGER PRIMARY KEY, `isActive` BOOLEAN, hash VARCHAR(20), `raw"x` VARBINARY(20),
            `key` UUID, seen DATETIME(6))
            """
        }
    }

    private static let user = TableName("user")
    private static let wanted: [String: SQLValue] = [
        "isActive": .integer(1), "hash": .text("Abc"), "raw\"x": .text("Abc"),
        "key": .text("6ba7b810-9dad-11d1-80b4-00c04fd430c8"), "seen": .text("2026-11-21 10:00:00.5"),
    ]

    @Test("what is written is read back equal, and still stands until it changes", arguments: TestDatabase.Kind.drivers)
    func roundTrip(_ kind: TestDatabase.Kind) async throws {
        try await TestDatabase.with(kind) { test in
            let database = try await test.open()
            try await database.write(Self.table(kind))
            try await database.write("INSERT INTO \(table: Self.user) (id) VALUES (1)")
            try await database.transaction(.write) { connection in
                for column in try connection.schema.columns(of: Self.user) where column.name != "id" {
                    let new = try column.taking(try #require(Self.wanted[column.name]))
                    let empty = column.holding(.null)
                    #expect(try Self.update(connection, new, where: empty) == 1, "\(column.name)")
                    #expect(try Self.update(connection, new, where: empty) == 0, "\(column.name)")
                    let row = try connection.query("SELECT \(identifier: column.name) AS v FROM \(table: Self.user)")
                        .first
                    let back = column.holding(try #require(row)["v"])
                    #expect(try Self.update(connection, back, where: back) == 1, "\(column.name)")
                    #expect(try Self.count(connection, new.found) == 1, "\(column.name)")
                }
            }
            let row = try #require(try await database.read("SELECT * FROM \(table: Self.user)").first)
            #expect(row["isActive"] == .integer(1))
            #expect(row["raw\"x"] == .blob(Array("Abc".utf8)))
            await database.close()
        }
    }

    @Test("a hash that differs in case or by a blank no longer stands", arguments: TestDatabase.Kind.drivers)
    func exact(_ kind: TestDatabase.Kind) async throws {
        try await TestDatabase.with(kind) { test in
            let database = try await test.open()
            try await database.write(Self.table(kind))
            try await database.write("INSERT INTO \(table: Self.user) (id, hash) VALUES (1, 'Abc')")
            try await database.transaction(.read) { connection in
                let hash = try #require(try connection.schema.columns(of: Self.user).first { $0.name == "hash" })
                #expect(try Self.count(connection, hash.holding(.text("Abc")).stillStands) == 1)
                #expect(try Self.count(connection, hash.holding(.text("abc")).stillStands) == 0)
                #expect(try Self.count(connection, hash.holding(.text("Abc ")).stillStands) == 0)
                #expect(try Self.count(connection, hash.holding(.null).stillStands) == 0)
                // As the program would find it, where its column folds.
                #expect(try Self.count(connection, hash.holding(.text("abc")).found) == (kind == .postgreSQL ? 0 : 1))
            }
            await database.close()
        }
    }

    @Test("a value that does not fit is refused by the column's name", arguments: TestDatabase.Kind.drivers)
    func misfit(_ kind: TestDatabase.Kind) async throws {
        try await TestDatabase.with(kind) { test in
            let database = try await test.open()
            try await database.write(
                """
                CREATE TABLE m (name VARCHAR(4) NOT NULL, \
                \(part: kind == .postgreSQL ? "made TIMESTAMP" : "made DATETIME"))
                """)
            let columns = try await database.transaction(.read) { try $0.schema.columns(of: TableName("m")) }
            let (name, made) = (columns[0], columns[1])
            let null = await sqlError { _ = try name.taking(.null) }
            #expect(null?.code == .constraint && null?.reason.contains("column name of m") == true)
            if kind == .sqlite {
                // It keeps to no length, and programs keep milliseconds there.
                #expect(try name.taking(.text("s3cret")).value == .text("s3cret"))
                #expect(try made.taking(.integer(5)).value == .integer(5))
            } else {
                let long = await sqlError { _ = try name.taking(.text("s3cret")) }
                #expect(long?.code == .constraint)
                #expect(!everythingSaid(by: long).contains("s3cret"))
                #expect(await sqlError { _ = try made.taking(.integer(5)) }?.code == .unexpectedType)
            }
            #expect(try name.taking(.integer(7)).value == .text("7"))
            await database.close()
        }
    }

    @Test("SQLite keeps the kind of value that the program has written")
    func storage() async throws {
        try await TestDatabase.with(.sqlite) { test in
            let database = try await test.open()
            try await database.write("CREATE TABLE s (a, b BLOB, c TEXT)")
            let columns = try await database.transaction(.read) { try $0.schema.columns(of: TableName("s")) }
            let bytes = SQLValue.blob(Array("x".utf8))
            #expect(try columns.map { try $0.taking(.text("x")).value } == [.text("x"), bytes, .text("x")])
            #expect(
                try columns.map { try $0.taking(.text("x"), like: .text("old")).value }
                    == Array(repeating: .text("x"), count: 3))
            #expect(
                try columns.map { try $0.taking(.text("x"), like: .blob([1])).value }
                    == Array(repeating: bytes, count: 3))
            await database.close()
        }
    }

    @Test(
        "a text that the column's characters cannot hold is found nowhere", .enabled(if: !TestDatabase.isWithoutMariaDB)
    )
    func otherCharacters() async throws {
        try await TestDatabase.with(.mariaDB) { test in
            let database = try await test.open()
            try await database.write("CREATE TABLE l (name VARCHAR(20) CHARACTER SET latin1)")
            try await database.write("INSERT INTO l (name) VALUES ('Zoë')")
            try await database.transaction(.read) { connection in
                let name = try #require(try connection.schema.columns(of: TableName("l")).first)
                let counts = try ["Zoë", "ZOË", "日本"].map { text in
                    try connection.query("SELECT 1 FROM l WHERE \(part: name.holding(.text(text)).found)").count
                }
                #expect(counts == [1, 1, 0])
                let exact = try connection.query(
                    "SELECT 1 FROM l WHERE \(part: name.holding(.text("Zoë")).stillStands)")
                #expect(exact.count == 1)
            }
            await database.close()
        }
    }

    private static func update(
        _ connection: any SQLConnection, _ new: ColumnValue, where old: ColumnValue
    ) throws -> Int {
        try connection.execute(
            "UPDATE \(table: user) SET \(part: new.assignment) WHERE id = \(1) AND \(part: old.stillStands)")
    }

    private static func count(_ connection: any SQLConnection, _ condition: SQLStatement) throws -> Int {
        try connection.query("SELECT id FROM \(table: user) WHERE \(part: condition)").count
    }
}
