import SparekeyApps
import SparekeySQL
import SparekeyTesting
import Testing

@Suite("Schemas that want to hurt")
struct HostileSchemaTests {
    @Test("of ten thousand tables five hundred are looked at, those named like accounts first")
    func manyTables() async throws {
        let many = (0..<10_000).map { "CREATE TABLE aaa_\($0) (id INTEGER PRIMARY KEY, note TEXT);\n" }.joined()
        try await DetectionTests.detected(many + DetectionTests.users) { report, _ in
            #expect(report.candidates.map(\.table) == ["users"])
            #expect(report.candidates.first?.confidence == .sure)
            #expect(report.notes.count == 1 && report.notes.first?.contains("500 of them") == true)
        }
    }

    @Test(
        "names that no terminal should see reach no answer and no profile",
        arguments: [
            "us\u{1B}[2Jers", "users\nprofile: evil", "us\u{202E}ers", "us\"ers", "us'ers; DROP TABLE users", "us`ers",
        ])
    func names(table: String) async throws {
        let quoted = "\"\(table.replacing("\"", with: "\"\""))\""
        try await DetectionTests.detected(DetectionTests.users.replacing("users", with: quoted)) { report, database in
            for found in report.candidates {
                #expect(found.profile == nil && found.document == nil && found.confidence == .unsure)
                let lines = found.evidence.joined() + (found.withoutProfile ?? "")
                #expect(!lines.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202E })
            }
            // The same for a column, which a profile leaves out where it can.
            let count = try await database.transaction(.read) { try $0.schema.tables().count }
            #expect(count == 1)
        }
    }

    @Test("a column that no profile can hold is left out where the reset does not need it")
    func columnNames() async throws {
        let script = DetectionTests.users.replacing("is_admin", with: "\"is_admin\n}, evil: true\"")
        try await DetectionTests.detected(script) { report, _ in
            let found = try #require(report.candidates.first)
            #expect(found.confidence == .sure && found.document?.contains("evil") == false)
        }
    }

    @Test("long values are not loaded, and a declared gigabyte is only a word")
    func longValues() async throws {
        let script = """
            CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT UNIQUE, password TEXT, picture BLOB(1073741824), secret BLOB);
            INSERT INTO users VALUES (1, 'ada', '\(DetectionTests.hash)', zeroblob(67108864), zeroblob(67108864));

            """
        try await DetectionTests.detected(script) { report, _ in
            #expect(report.candidates.first?.columns["password"] == "password")
            #expect(report.candidates.first?.confidence == .sure)
        }
    }

    @Test("a hundred rows of many are looked at")
    func manyRows() async throws {
        let script =
            DetectionTests.users + """
                INSERT INTO users WITH RECURSIVE n(i) AS (SELECT 3 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)
                SELECT i, 'name' || i, 'name' || i || '@example.org', '\(DetectionTests.hash)', 0 FROM n;

                """
        try await DetectionTests.detected(script) { report, _ in
            let found = try #require(report.candidates.first)
            #expect(found.confidence == .sure && found.evidence.contains { $0.contains("at least 100 rows") })
        }
    }

    @Test("columns by the hundred, of every type that there is, end nothing")
    func manyColumns() async throws {
        let types = ["TEXT", "BLOB", "REAL", "NUMERIC", "", "DATETIME", "JSON", "UUID", "VARCHAR(10)", "INT"]
        let columns = (0..<600).map { "c\($0) \(types[$0 % types.count])" }.joined(separator: ", ")
        let script = "CREATE TABLE wide (\(columns));\nINSERT INTO wide (c0) VALUES ('x');\n"
        try await DetectionTests.detected(script + DetectionTests.users) { report, _ in
            #expect(report.candidates.map(\.table) == ["users"])
        }
    }
}
