import SparekeySQL
import SparekeyTesting
import Testing

@Suite("What a database says about itself")
struct SchemaTests {
    /// Reserved, in two cases, and with every mark that some database quotes by.
    private static let names = ["user", "isActive", "odd \"name\" `with` 'marks' \\ % ? $1", "Zoë"]

    private func with(
        _ kind: TestDatabase.Kind, _ statements: [SQLStatement],
        _ body: @escaping @Sendable (any SchemaReading) throws -> Void
    ) async throws {
        try await TestDatabase.with(kind) { test in
            let database = try await test.open()
            for statement in statements { try await database.write(statement) }
            try await database.transaction(.read) { try body($0.schema) }
            await database.close()
        }
    }

    @Test(
        "tables, columns and keys with hostile names are found by exactly those", arguments: TestDatabase.Kind.drivers)
    func hostileNames(_ kind: TestDatabase.Kind) async throws {
        let statements = Self.names.map { name -> SQLStatement in
            """
            CREATE TABLE \(identifier: name) (id BIGINT PRIMARY KEY, \(identifier: name + "2") VARCHAR(60) NOT NULL,
            CONSTRAINT \(identifier: name + "3") UNIQUE (\(identifier: name + "2"), id))
            """
        }
        try await with(kind, statements) { schema throws in
            // The schemas of other tests are on the same server.
            let tables = try schema.tables().map(\.name).filter { $0.schema == nil }
            #expect(Set(tables) == Set(Self.names.map { TableName($0) }))
            for name in Self.names {
                let table = TableName(name)
                let columns = try schema.columns(of: table)
                #expect(columns.map(\.name) == ["id", name + "2"])
                #expect(columns.map(\.kind) == [.integer, .text])
                #expect(columns.map(\.length) == [nil, 60])
                #expect(columns.last?.isNullable == false)
                let keys = try schema.uniqueKeys(of: table)
                #expect(keys.map(\.columns) == [["id"], [name + "2", "id"]])
                #expect(keys.map(\.isPrimary) == [true, false])
            }
            #expect(try schema.columns(of: TableName("user' OR '1'='1")).isEmpty)
            #expect(try schema.uniqueKeys(of: TableName("nowhere")).isEmpty)
            #expect(try schema.triggers(on: TableName("nowhere")).isEmpty)
        }
    }

    @Test("each column says what it takes", arguments: TestDatabase.Kind.drivers)
    func columns(_ kind: TestDatabase.Kind) async throws {
        let table: SQLStatement =
            switch kind {
            case .sqlite:
                """
                CREATE TABLE c (a INTEGER PRIMARY KEY, b BOOLEAN DEFAULT 0, t TEXT, x BLOB, w DATETIME, r REAL, \
                g TEXT GENERATED ALWAYS AS (t) STORED)
                """
            case .postgreSQL:
                """
                CREATE TABLE c (a INTEGER PRIMARY KEY, b BOOLEAN DEFAULT false, t TEXT, x BYTEA, w TIMESTAMPTZ, r REAL,
                g TEXT GENERATED ALWAYS AS (t) STORED)
                """
            case .mariaDB:
                """
                CREATE TABLE c (a INTEGER PRIMARY KEY, b BOOLEAN DEFAULT 0, t TEXT, x VARBINARY(80),
                w TIMESTAMP NULL ON UPDATE CURRENT_TIMESTAMP, r DOUBLE, g TEXT GENERATED ALWAYS AS (t) STORED)
                """
            }
        try await with(kind, [table, "CREATE VIEW v AS SELECT a FROM c"]) { schema throws in
            let columns = try schema.columns(of: TableName("c"))
            #expect(columns.map(\.kind) == [.integer, .boolean, .text, .blob, .timestamp, .real, .text])
            #expect(columns.map(\.isNullable) == [false, true, true, true, true, true, true])
            #expect(columns.map(\.isGenerated) == [false, false, false, false, false, false, true])
            #expect(
                columns.map { $0.defaultExpression != nil && $0.defaultExpression != "NULL" }.prefix(3) == [
                    false, true, false,
                ])
            #expect(columns[4].changesWithRow == (kind == .mariaDB))
            #expect(try schema.tables().filter { $0.name.schema == nil }.map(\.kind) == [.table, .view])
        }
    }

    @Test("triggers and cascading foreign keys of a table are shown", arguments: TestDatabase.Kind.drivers)
    func triggers(_ kind: TestDatabase.Kind) async throws {
        let user: SQLStatement = "\(identifier: "user")"
        var statements: [SQLStatement] = [
            "CREATE TABLE \(part: user) (id BIGINT PRIMARY KEY, n BIGINT)",
            """
            CREATE TABLE token (id BIGINT PRIMARY KEY, owner BIGINT,
            FOREIGN KEY (owner) REFERENCES \(part: user) (id) ON DELETE CASCADE)
            """,
            "CREATE TABLE note (owner BIGINT, FOREIGN KEY (owner) REFERENCES \(part: user) (id))",
        ]
        switch kind {
        case .sqlite:
            statements.append(
                "CREATE TRIGGER seen AFTER UPDATE ON \(part: user) BEGIN DELETE FROM token WHERE owner = NEW.id; END")
        case .postgreSQL:
            statements += [
                "CREATE FUNCTION seen() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
                "CREATE TRIGGER seen AFTER UPDATE ON \(part: user) FOR EACH ROW EXECUTE FUNCTION seen()",
            ]
        case .mariaDB:
            statements.append(
                "CREATE TRIGGER seen AFTER UPDATE ON \(part: user) FOR EACH ROW DELETE FROM token WHERE owner = NEW.id")
        }
        try await with(kind, statements) { schema throws in
            let triggers = try schema.triggers(on: TableName("user"))
            #expect(triggers.map(\.name) == ["seen"])
            #expect(triggers.first?.definition.contains("AFTER UPDATE ON") == true)
            #expect(try schema.triggers(on: TableName("token")).isEmpty)
            let cascades = try schema.cascades(from: TableName("user"))
            #expect(cascades.map(\.table) == [TableName("token")])
            #expect(cascades.map(\.columns) == [["owner"]])
            #expect(cascades.map(\.onDelete) == [.cascade])
            #expect(cascades.map(\.onUpdate) == [.nothing])
        }
    }

    @Test(
        "the database names its version, its mark and whether it can be written", arguments: TestDatabase.Kind.drivers)
    func server(_ kind: TestDatabase.Kind) async throws {
        let mark: [SQLStatement] = kind == .sqlite ? ["PRAGMA application_id = 77", "PRAGMA user_version = 5"] : []
        try await with(kind, mark) { schema throws in
            let server = try schema.server()
            #expect(server.version.first?.isNumber == true)
            #expect(!server.isReadOnly)
            #expect(server.mark?.applicationID == (kind == .sqlite ? 77 : nil))
            #expect(server.mark?.userVersion == (kind == .sqlite ? 5 : nil))
        }
    }

    @Test(
        "a table whose changes cannot be undone is told from one that can", .enabled(if: !TestDatabase.isWithoutMariaDB)
    )
    func engines() async throws {
        try await with(.mariaDB, ["CREATE TABLE a (id INT) ENGINE = MyISAM", "CREATE TABLE b (id INT)"]) {
            schema throws in
            #expect(try schema.tables().map(\.isTransactional) == [false, true])
        }
    }

    @Test("a table is found by its schema too", .enabled(if: !TestDatabase.isWithoutPostgreSQL))
    func otherSchema() async throws {
        try await TestDatabase.with(.postgreSQL) { test in
            let database = try await test.open()
            let name = try await database.read("SELECT current_schema() AS name").first?.text("name") ?? ""
            try await database.write("CREATE TABLE here (id BIGINT)")
            let columns = try await database.transaction(.read) {
                try $0.schema.columns(of: TableName("here", schema: name))
            }
            #expect(columns.map(\.name) == ["id"])
            await database.close()
        }
    }
}
