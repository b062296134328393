import Sparekey
import SparekeyApps
import SparekeySQL
import SparekeyTesting
import Testing

/// What somebody who may write to a program's database, and is not its operator, can leave there.
@Suite("A program's database that somebody else has been in")
struct HostileDatabaseTests {
    private func run(_ database: any SQLDatabase, _ statements: String...) async throws {
        _ = try await database.transaction(.write) { connection in
            for statement in statements { try connection.execute(SQLStatement(stringLiteral: statement)) }
        }
    }

    /// Each fits a column of the type varchar better than the database's own.
    private static let better: [String] =
        ["lower(varchar)", "lower(text)", "substr(varchar, int, int)", "strpos(varchar, text)", "unnest(smallint[])"]
        .map {
            """
            CREATE FUNCTION public.\($0) RETURNS \($0.hasPrefix("unnest") ? "SETOF smallint" : $0.hasPrefix("strpos") ? "int" : "text")
            LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''a stranger was called''; END'
            """
        } + [
            """
            CREATE FUNCTION public.same(varchar, varchar) RETURNS boolean
            LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''a stranger was called''; END'
            """,
            """
            CREATE FUNCTION public.same(varchar, text) RETURNS boolean
            LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''a stranger was called''; END'
            """,
            "CREATE OPERATOR public.= (LEFTARG = varchar, RIGHTARG = varchar, FUNCTION = public.same)",
            "CREATE OPERATOR public.= (LEFTARG = varchar, RIGHTARG = text, FUNCTION = public.same)",
        ]

    @Test("no function or operator of a stranger is called")
    func searchPath() async throws {
        try await ProgramDirectoryTests.with("grafana", on: .postgreSQL) { directory, database in
            for column in ["login", "email", "name", "password", "salt"] {
                try await run(database, "ALTER TABLE \"user\" ALTER COLUMN \(column) TYPE varchar(190)")
            }
            for statement in Self.better { try await run(database, statement) }
            #expect(try await CheckProgram([directory.profile])(database).fitting.count == 1)
            let account = try #require(try await directory.find(AccountName("ADMIN@localhost")))
            _ = try await directory.preview(account)
            let (old, new) = try await ProgramDirectoryTests.make("a new password 4711", account, directory)
            #expect(try await directory.apply(new, to: account, expecting: old) == .applied)
        }
    }

    @Test("a name means nobody whom the column's order only takes for alike")
    func alike() async throws {
        try await ProgramDirectoryTests.with("grafana", on: .mariaDB) { directory, database in
            try await run(database, "UPDATE `user` SET login = 'muller' WHERE login = 'grace'")
            #expect(try await directory.find(AccountName("muller")) != nil)
            #expect(try await directory.find(AccountName("MULLER")) != nil)
            for other in ["müller", "MÜLLER", "mulłer", "muller  x"] {
                #expect(try await directory.find(AccountName(other)) == nil, "\(other)")
            }
        }
    }

    @Test(
        "two whose names differ in case alone are ambiguous, unless one is typed as it stands",
        arguments: [TestDatabase.Kind.sqlite, .postgreSQL])
    func twins(kind: TestDatabase.Kind) async throws {
        try await ProgramDirectoryTests.with("grafana", on: kind) { directory, database in
            try await run(
                database, #"UPDATE "user" SET login = 'twin' WHERE login = 'grace'"#,
                #"UPDATE "user" SET login = 'TWIN' WHERE login = 'admin'"#)
            let (lower, upper) = (
                try await directory.find(AccountName("twin")), try await directory.find(AccountName("TWIN"))
            )
            #expect(lower?.username == "twin" && upper?.username == "TWIN")
            await #expect(throws: RecoveryError(.ambiguous, reason: "")) {
                _ = try await directory.find(AccountName("Twin"))
            }
        }
    }

    @Test("what a constraint trigger puts off to the commit is noticed")
    func deferred() async throws {
        try await ProgramDirectoryTests.with("grafana", on: .postgreSQL) { directory, database in
            try await run(
                database,
                """
                CREATE FUNCTION later() RETURNS trigger LANGUAGE plpgsql AS
                'BEGIN UPDATE "user" SET password = ''evil'' WHERE id = new.id AND password <> ''evil''; RETURN NULL; END'
                """,
                """
                CREATE CONSTRAINT TRIGGER late AFTER UPDATE ON "user" DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW WHEN (new.password <> 'evil') EXECUTE FUNCTION later()
                """)
            let ada = try #require(try await directory.find(AccountName("admin")))
            let (old, new) = try await ProgramDirectoryTests.make("a new password 4711", ada, directory)
            await #expect(throws: RecoveryError(.notVerified, reason: "")) {
                _ = try await directory.apply(new, to: ada, expecting: old)
            }
            #expect(try await directory.read(ada) == old)
        }
    }

    @Test("a rule is shown as a trigger is")
    func rule() async throws {
        try await ProgramDirectoryTests.with("grafana", on: .postgreSQL) { directory, database in
            try await run(
                database, "CREATE TABLE copies (password text)",
                "CREATE RULE spy AS ON UPDATE TO \"user\" DO ALSO INSERT INTO copies VALUES (new.password)")
            let ada = try #require(try await directory.find(AccountName("admin")))
            let triggers = try await directory.preview(ada).triggers
            #expect(triggers.map(\.name) == ["spy"])
        }
    }

    @Test("rows that a policy hides are an error, not fewer rows")
    func rowSecurity() async throws {
        try await ProgramDirectoryTests.with("grafana", on: .postgreSQL) { directory, database in
            let role = "reader\(UInt64.random(in: 0...UInt64.max))"
            try await run(
                database, "ALTER TABLE user_auth_token ENABLE ROW LEVEL SECURITY", "CREATE ROLE \(role)",
                "GRANT SELECT ON user_auth_token TO \(role)")
            await #expect(throws: SQLError.self) {
                _ = try await database.transaction(.read) { connection in
                    try connection.execute(SQLStatement(stringLiteral: "SET LOCAL ROLE \(role)"))
                    return try connection.query("SELECT * FROM user_auth_token")
                }
            }
            try await run(database, "DROP OWNED BY \(role)", "DROP ROLE \(role)")
        }
    }
}
