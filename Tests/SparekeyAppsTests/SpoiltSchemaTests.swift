import SparekeyApps
import SparekeySQL
import SparekeyTesting
import Testing

/// Databases that are nearly a program's: each row spoils one thing.
@Suite("A schema that a profile does not fit")
struct SpoiltSchemaTests {
    struct Spoilt: Sendable, CustomTestStringConvertible {
        let name: String
        let old: String
        let new: String
        let words: String

        init(_ name: String, _ old: String, _ new: String, _ words: String) {
            self.name = name
            self.old = old
            self.new = new
            self.words = words
        }

        var testDescription: String { words }
    }

    static let rows: [Spoilt] = [
        .init(
            "listsome", "password_hash", "secret",
            "account.password_hash: there is no such column; expected text, for the hash of the password"),
        .init(
            "listsome", "password_hash TEXT", "password_hash BLOB",
            "account.password_hash: its type is BLOB; expected text, for the hash of the password"),
        .init(
            "listsome", "id INTEGER PRIMARY KEY AUTOINCREMENT,\n    email", "id INTEGER,\n    email",
            "account.id: several rows may have one value; expected a key of its own, for what names the account"),
        .init(
            "listsome", "used BOOLEAN DEFAULT FALSE", "used TEXT DEFAULT FALSE",
            "password_reset_tokens.used: its type is TEXT; expected true or false, for which rows are meant"),
        .init(
            "nexus", "reset_token TEXT", "reset_token TEXT NOT NULL DEFAULT ''",
            "users.reset_token: it takes no NULL; expected a column that does, for what is set to void reset tokens and codes"
        ),
        .init(
            "nexus", "reset_token_expires INTEGER", "reset_token_expires INTEGER AS (1)",
            "users.reset_token_expires: the database computes it; "
                + "expected a column that can be written, for what is set to void reset tokens and codes"),
        .init(
            "nexus", "CREATE TABLE nodes", "CREATE TABLE hubs",
            "nodes: there is no such table; expected a table, as Nexus has it"),
        .init(
            "grafana", "`login_attempt`", "`attempt`",
            "login_attempt: there is no such table; expected a table, for the account that a row belongs to"),
    ]

    @Test("is named with table, column and what was expected, and nothing else is", arguments: rows)
    func spoilt(_ row: Spoilt) async throws {
        try await AppFixture.with(row.name, on: .sqlite, spoilt: [row.old: row.new], rows: false) { _, database in
            let fit = try #require(try await CheckProgramTests.check(database, row.name).fits.first)
            #expect(fit.mismatches.map(\.words) == [row.words])
            #expect(fit.surveys.isEmpty)
        }
    }

    @Test("of another program names every table that is missing, and no candidate but that program")
    func wrongProgram() async throws {
        try await AppFixture.with("palmr", on: .sqlite) { _, database in
            let fit = try #require(try await CheckProgramTests.check(database, "gitea").fits.first)
            #expect(Set(fit.mismatches.map(\.table)) == ["user", "repository", "email_address"])
            #expect(try await CheckProgramTests.check(database).fitting.map(\.profile.name) == ["palmr"])
        }
    }

    @Test(
        "in a database that the program does not keep accounts in says which it would be",
        .enabled(if: TestDatabase.Kind.all.contains(.postgreSQL)))
    func wrongKind() async throws {
        try await TestDatabase.with(.postgreSQL) { test in
            let database = try await test.open()
            let fit = try #require(try await CheckProgramTests.check(database, "listsome").fits.first)
            #expect(
                fit.mismatches.map(\.words) == [
                    "the database: it is PostgreSQL; expected SQLite, where Listsome keeps its accounts"
                ])
            await database.close()
        }
    }

    @Test("whose account table is a view has no row that could be changed")
    func view() async throws {
        try await AppFixture.with("listsome", on: .sqlite, rows: false) { _, database in
            try await AppFixture.run(
                "ALTER TABLE account RENAME TO base;\nCREATE VIEW account AS SELECT * FROM base", in: database)
            let fit = try #require(try await CheckProgramTests.check(database, "listsome").fits.first)
            #expect(
                fit.mismatches.map(\.words) == [
                    "account: it is a view or a table of another place; expected an ordinary table"
                ])
        }
    }

    @Test("by the type of a key that servers do not compare is told", arguments: servers)
    func keyType(kind: TestDatabase.Kind) async throws {
        let spoilt: KeyValuePairs = ["`user_id` INTEGER NULL": "`user_id` TEXT NULL"]
        try await AppFixture.with("gitea", on: kind, spoilt: spoilt, rows: false) { _, database in
            let fit = try #require(try await CheckProgramTests.check(database, "gitea").fits.first)
            #expect(fit.mismatches.map(\.column) == ["user_id"])
            #expect(fit.mismatches.first?.expected.hasPrefix("the type of the account's id") == true)
        }
    }

    static let servers = TestDatabase.Kind.drivers.filter { $0 != .sqlite }
}

@Suite("What a reset would meet in a program's database")
struct SchemaNoteTests {
    @Test("is told: triggers, by name, whatever the name holds", arguments: TestDatabase.Kind.drivers)
    func triggers(kind: TestDatabase.Kind) async throws {
        let script =
            switch kind {
            case .sqlite: "CREATE TRIGGER `NAME` AFTER UPDATE ON `user` BEGIN DELETE FROM repository; END"
            case .mariaDB: "CREATE TRIGGER `NAME` AFTER UPDATE ON `user` FOR EACH ROW DELETE FROM repository"
            case .postgreSQL:
                """
                CREATE FUNCTION act() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
                CREATE TRIGGER "NAME" AFTER UPDATE ON "user" FOR EACH ROW EXECUTE FUNCTION act()
                """
            }
        try await AppFixture.with("gitea", on: kind) { _, database in
            try await AppFixture.run(script.replacing("NAME", with: "a\u{1B}[2J b"), in: database)
            let fit = try #require(try await CheckProgramTests.check(database, "gitea").fits.first)
            #expect(fit.fits)
            #expect(fit.notes == ["user has triggers that a reset may set off: a\u{1B}[2J b"])
        }
    }

    @Test("is told: a step that this version has no table for is left out")
    func leftOut() async throws {
        try await AppFixture.with("nexus", on: .sqlite, spoilt: ["TABLE sessions": "TABLE visits"], rows: false) {
            _, database in
            let fit = try #require(try await CheckProgramTests.check(database, "nexus").fits.first)
            #expect(fit.fits)
            #expect(
                fit.notes == [
                    "accounts in the file admin-credentials.json were not looked at",
                    "sessions is not in this version: the step to end sessions is left out",
                ])
        }
    }

    @Test(
        "is told: tables without transactions",
        .enabled(if: TestDatabase.Kind.drivers.contains(.mariaDB)))
    func noTransactions() async throws {
        try await AppFixture.with("gitea", on: .mariaDB) { _, database in
            try await AppFixture.run("ALTER TABLE `user` ENGINE = MyISAM", in: database)
            let fit = try #require(try await CheckProgramTests.check(database, "gitea").fits.first)
            #expect(fit.notes.map { $0.prefix(26) } == ["user keeps no transactions"])
        }
    }
}
