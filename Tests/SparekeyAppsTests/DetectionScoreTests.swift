import Foundation
import SparekeyApps
import SparekeySQL
import SparekeyTesting
import Testing

@Suite("What is detected in programs' databases without their profiles")
struct DetectionScoreTests {
    static func detect(_ database: any SQLDatabase) async throws -> DetectionReport {
        try await DetectAccounts(name: "found", title: "Found")(database)
    }

    private static func scores() async throws -> [DetectionScore] {
        var scores: [DetectionScore] = []
        for expected in ExpectedAccounts.all {
            for kind in expected.kinds where TestDatabase.Kind.drivers.contains(kind) {
                try await AppFixture.with(expected.name, on: kind) { _, database in
                    let report = try await detect(database)
                    scores.append(DetectionScore(expected, kind, report.candidates.first))
                }
            }
        }
        return scores
    }

    @Test("is right in nine of ten programs for each part, and never sure and wrong")
    func score() async throws {
        let scores = try await Self.scores()
        print("program | database | table | identity | password | format | profile")
        for score in scores { print(score.line) }
        for part in ["table", "identity", "password", "format"] {
            let all = scores.flatMap(\.parts).filter { $0.name == part }
            let right = all.count { $0.isRight }
            print("\(part): \(right) of \(all.count) right")
            #expect(right * 10 >= all.count * 9, "\(part): \(right) of \(all.count)")
        }
        for score in scores {
            for part in score.parts where part.confidence == .sure {
                #expect(part.isRight, "\(score.name) on \(score.kind): sure of the \(part.name), and wrong")
            }
        }
        #expect(Set(scores.map(\.name)).count >= 25)
        let page = ShippedProfileTests.root.deletingLastPathComponent().appending(path: "Docs/detect.md")
        let lines = try String(contentsOf: page, encoding: .utf8).components(separatedBy: "\n")
        for score in scores where !lines.contains(score.line) {
            Issue.record("Docs/detect.md lacks: \(score.line)")
        }
    }

    /// Programs that keep no accounts there.
    static let others: [String: String] = [
        "a browser's history": """
        CREATE TABLE moz_places (id INTEGER PRIMARY KEY, url LONGVARCHAR, title LONGVARCHAR, rev_host LONGVARCHAR,
          visit_count INTEGER DEFAULT 0, hidden INTEGER DEFAULT 0 NOT NULL, guid TEXT, url_hash INTEGER DEFAULT 0 NOT NULL);
        CREATE TABLE moz_historyvisits (id INTEGER PRIMARY KEY, from_visit INTEGER, place_id INTEGER, visit_date INTEGER,
          visit_type INTEGER, session INTEGER);
        CREATE TABLE moz_inputhistory (place_id INTEGER NOT NULL, input LONGVARCHAR NOT NULL, use_count INTEGER,
          PRIMARY KEY (place_id, input));
        INSERT INTO moz_places VALUES (1, 'https://example.org/login?user=ada@example.org', 'Sign in', 'gro.elpmaxe.', 3, 0,
          'aBcDeFgHiJkL', 47356370932282);
        INSERT INTO moz_historyvisits VALUES (1, 0, 1, 1765360000000000, 1, 0);
        """,
        "a package manager's": """
        CREATE TABLE packages (id INTEGER PRIMARY KEY, origin TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL,
          maintainer TEXT NOT NULL, manifestdigest TEXT NULL, automatic INTEGER NOT NULL, locked INTEGER NOT NULL DEFAULT 0);
        CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
        CREATE TABLE pkg_users (package_id INTEGER, user_id INTEGER, PRIMARY KEY (package_id, user_id));
        CREATE TABLE files (path TEXT PRIMARY KEY, sha256 TEXT, package_id INTEGER);
        INSERT INTO packages VALUES (1, 'www/nginx', 'nginx', '1.27', 'ports@example.org',
          '2$2$9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', 0, 0);
        INSERT INTO users VALUES (1, 'www');
        INSERT INTO files VALUES ('/usr/sbin/nginx', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', 1);
        """,
        "one without a table": "",
        "an address book": """
        CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT, email TEXT UNIQUE, phone TEXT);
        INSERT INTO contacts VALUES (1, 'Ada', 'ada@example.org', '1'), (2, 'Grace', 'grace@example.org', '2');
        """,
    ]

    @Test(
        "proposes nothing where a password opens more than a sign-in, or there is none",
        arguments: ["vaultwarden", "lldap", "outline"])
    func refused(name: String) async throws {
        try await AppFixture.with(name, on: .sqlite) { _, database in
            let found = try await Self.detect(database).candidates
            #expect(found.allSatisfy { $0.profile == nil && $0.confidence == .unsure }, "\(found.map(\.evidence))")
        }
    }

    @Test("finds no accounts where there are none", arguments: others.keys.sorted())
    func none(name: String) async throws {
        try await TestDatabase.with(.sqlite) { test in
            let database = try await test.open()
            try await AppFixture.run((Self.others[name] ?? "") + "\n", in: database)
            let report = try await Self.detect(database)
            await database.close()
            #expect(report.candidates.isEmpty, "\(report.candidates.map(\.evidence))")
        }
    }
}
