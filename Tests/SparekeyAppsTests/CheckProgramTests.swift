import Foundation
import SparekeyApps
import SparekeySQL
import SparekeyTesting
import Testing

@Suite("A program's database held against profiles")
struct CheckProgramTests {
    /// The programs with a fixture, and the databases that it can be loaded into.
    static let places: [(name: String, kind: TestDatabase.Kind)] =
        ["django", "flashcard-flow", "gitea", "grafana", "listsome", "nexus", "palmr"].map { ($0, .sqlite) }
        + (TestDatabase.Kind.all.contains(.postgreSQL)
            ? ["flashcard-flow", "gitea", "grafana", "proxmox-manager-portal"].map { ($0, .postgreSQL) } : [])
        + (TestDatabase.Kind.drivers.contains(.mariaDB) ? ["gitea", "grafana"].map { ($0, .mariaDB) } : [])

    static func check(_ database: any SQLDatabase, _ name: String? = nil) async throws -> CheckProgram.Report {
        let shelf = try ProfileShelf()
        return try await CheckProgram(try name.map { [try shelf.named($0)] } ?? shelf.profiles())(database)
    }

    @Test("names its program and no other, and no byte of it changes", arguments: places)
    func named(name: String, kind: TestDatabase.Kind) async throws {
        try await AppFixture.with(name, on: kind) { _, database in
            let before = try await AppFixture.dump(database)
            let report = try await Self.check(database)
            #expect(report.fitting.map(\.profile.name) == [name])
            #expect(report.fits.count == ShippedProfileTests.names.count)
            #expect(try await AppFixture.dump(database) == before)
        }
    }

    @Test("is the same file afterwards, whether a write-ahead log lies beside it or not", arguments: [false, true])
    func sameBytes(hasLog: Bool) async throws {
        try await TestDatabase.with(.sqlite) { test in
            let source = try await test.open()
            try await AppFixture.load("gitea", into: source)
            // A copy of the files while they are open is what a program leaves that was cut off.
            let folder = test.folder.appending(path: "left")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
            if !hasLog { await source.close() }
            for suffix in hasLog ? ["", "-wal"] : [""] {
                try FileManager.default.copyItem(
                    atPath: test.path + suffix, toPath: folder.appending(path: "gitea.db\(suffix)").path)
            }
            if hasLog { await source.close() }
            let before = try Self.contents(folder)
            #expect(before.count == (hasLog ? 2 : 1))
            let preview = try await SQLiteDatabase.preview(path: folder.appending(path: "gitea.db").path)
            let report = try await Self.check(preview)
            await preview.close()
            #expect(report.fitting.map(\.profile.name) == ["gitea"])
            #expect(try Self.contents(folder) == before)
        }
    }

    private static func contents(_ folder: URL) throws -> [String: Data] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        return try names.reduce(into: [:]) { contents, name in
            contents[name] = try Data(contentsOf: folder.appending(path: name))
        }
    }

    @Test("that fits two profiles is called by both names")
    func twoCandidates() async throws {
        try await AppFixture.with("listsome", on: .sqlite) { _, database in
            try await AppFixture.load("flashcard-flow", into: database)
            #expect(try await Self.check(database).fitting.map(\.profile.name) == ["flashcard-flow", "listsome"])
        }
    }

    @Test("tells how many accounts there are and in which formats, and holds no hash")
    func survey() async throws {
        try await AppFixture.with("django", on: .sqlite) { _, database in
            let fit = try #require(try await Self.check(database, "django").fits.first)
            let survey = try #require(fit.surveys.first)
            let stored = try #require(survey.credentials.first)
            #expect(survey.accounts == 6 && !survey.isMore)
            #expect(
                stored.formats.map { "\($0.name) \($0.rows)" } == [
                    "django-argon2id 1", "django-bcrypt-sha256 1", "django-pbkdf2-sha256 2", "django-scrypt 1",
                ])
            #expect(stored.rows == 6 && stored.unknown == 1 && stored.empty == 0)
            var words = ""
            dump(fit.surveys, to: &words)
            #expect(!words.contains("xPM6KWjhk5aqi6Yv") && !words.contains("$"))
        }
    }

    @Test("counts accounts of people only, by the profile's conditions", arguments: TestDatabase.Kind.drivers)
    func people(kind: TestDatabase.Kind) async throws {
        try await AppFixture.with("grafana", on: kind) { _, database in
            let survey = try #require(try await Self.check(database, "grafana").fits.first?.surveys.first)
            let stored = try #require(survey.credentials.first)
            #expect(survey.accounts == 3)
            #expect(stored.formats.map(\.name) == ["grafana-pbkdf2"] && stored.empty == 1 && stored.unknown == 0)
        }
    }

    @Test("is counted and read up to a bound")
    func bounded() async throws {
        try await AppFixture.with("listsome", on: .sqlite) { _, database in
            try await AppFixture.run(
                """
                INSERT INTO account (email, password_hash) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
                WHERE i < 100000) SELECT i, '' FROM n
                """, in: database)
            let survey = try #require(try await Self.check(database, "listsome").fits.first?.surveys.first)
            #expect(survey.accounts == 100_000 && survey.isMore)
            #expect(survey.credentials.first?.rows == 1_000)
            #expect(survey.credentials.first?.empty == 999)
        }
    }
}
