import Foundation
import SparekeySQL
import SparekeyTesting
import Testing

@testable import SparekeyApps

@Suite("Looking for accounts")
struct DetectionTests {
    static let hash = "$2b$10$4g4pQ5P2XKHtAGHFJ1HsDudPDMDXEjqOMlCIUdWxSajvMSaoiTqRq"
    /// A table of accounts that nobody doubts.
    static let users = """
        CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT NOT NULL UNIQUE, email TEXT, password TEXT, is_admin INTEGER);
        INSERT INTO users VALUES (1, 'ada', 'ada@example.org', '\(hash)', 1), (2, 'grace', 'grace@example.org', '\(hash)', 0);

        """

    static func detected(
        _ script: String, _ body: (DetectionReport, any SQLDatabase) async throws -> Void
    ) async throws {
        try await TestDatabase.with(.sqlite) { test in
            let database = try await test.open()
            try await AppFixture.run(script, in: database)
            do {
                try await body(try await DetectionScoreTests.detect(database), database)
            } catch {
                await database.close()
                throw error
            }
            await database.close()
        }
    }

    @Test(
        "names are split into words as programs write them",
        arguments: [
            ("AspNetUsers", ["asp", "net", "users"]), ("nb_failed_login", ["nb", "failed", "login"]),
            ("userID", ["user", "id"]), ("URLName", ["url", "name"]), ("pbkdf2_hash", ["pbkdf2", "hash"]),
            ("__", []), ("", []), ("a\n\"b", ["a", "b"]), ("mustChangePwd", ["must", "change", "pwd"]),
        ])
    func words(name: String, words: [String]) {
        #expect(NameWords(name).words == words)
    }

    @Test(
        "a table's name says what its rows are",
        arguments: [
            ("users", "user"), ("core_user", "user"), ("AspNetUsers", "user"), ("user_entity", "user"),
            ("people", "person"), ("companies", "company"), ("status", "status"), ("app", "app"),
        ])
    func subjects(name: String, subject: String) {
        #expect(NameWords(name).subject == subject)
    }

    @Test(
        "a column is named like a password, or like something about one",
        arguments: [
            ("password", 50), ("passwd", 50), ("user_pass", 50), ("encrypted_password", 50), ("pash", 50),
            ("PasswordHash", 50), ("secret_data", 25), ("hash", 25), ("password_reset_token", 0), ("password_salt", 0),
            ("must_change_password", 0), ("user_newpassword", 0), ("passwordless", 0), ("api_secret", 0),
            ("compass", 0), ("avatar_hash", 0), ("username", 0),
        ])
    func passwords(name: String, score: Int) {
        #expect(ColumnMeaning(name).password == score)
    }

    @Test("what was listened to, keys and shares are no sessions and no accounts")
    func others() {
        #expect(TableMeaning("sessions").isSessions && TableMeaning("user_auth_token").isSessions)
        #expect(!TableMeaning("playbackSessions").isSessions && !TableMeaning("chat_session").isSessions)
        for name in ["api_tokens", "link_shares", "user_roles", "temp_user", "oauth_clients", "users_audit"] {
            #expect(TableMeaning(name).accounts < 0, "\(name)")
        }
    }

    @Test("a limit of sign-ins that may fail is a setting, and stays")
    func failures() {
        for name in [
            "failed_attempts", "nb_failed_login", "InvalidLoginAttemptCount", "AccessFailedCount", "login_attemps",
        ] {
            #expect(ColumnMeaning(name).isFailureCount, "\(name)")
        }
        for name in ["LoginAttemptsBeforeLockout", "max_login_attempts", "last_failed_login_at"] {
            #expect(!ColumnMeaning(name).isFailureCount, "\(name)")
        }
    }

    @Test("values decide over names: a password's column that is full of something else is not sure")
    func plainText() async throws {
        let script = Self.users.replacing(Self.hash, with: "an old password in plain text")
        try await Self.detected(script) { report, _ in
            let found = try #require(report.candidates.first)
            #expect(found.format == nil && found.profile == nil && found.confidence == .unsure)
            #expect(!found.evidence.joined().contains("plain text"))
        }
    }

    @Test("a table without rows is named, and no form is guessed")
    func noRows() async throws {
        try await Self.detected("CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT UNIQUE, password TEXT);\n") {
            report, _ in
            let found = try #require(report.candidates.first)
            #expect(found.table == "users" && found.format == nil && found.confidence == .unsure)
        }
    }

    @Test("two tables that look alike are both shown, and neither is sure")
    func rivals() async throws {
        let other = Self.users.replacing("users", with: "members")
        try await Self.detected(Self.users + other) { report, _ in
            #expect(Set(report.candidates.map(\.table)) == ["users", "members"])
            #expect(report.candidates.allSatisfy { $0.parts.table < .sure })
        }
    }

    @Test("a second column of passwords is said and left alone, and so is a sign-in's time")
    func twoPasswords() async throws {
        let script = """
            CREATE TABLE users (id INTEGER PRIMARY KEY, login TEXT, email TEXT UNIQUE, password TEXT, app_password TEXT);
            INSERT INTO users VALUES (1, '2026-02-12 16:30:00', 'ada@example.org', '\(Self.hash)', '\(Self.hash)');

            """
        try await Self.detected(script) { report, _ in
            let found = try #require(report.candidates.first)
            #expect(found.columns["password"] == "password" && found.columns["username"] == nil)
            #expect(found.parts.password == .likely && found.evidence.contains { $0.hasPrefix("app_password ") })
            #expect(found.document?.contains("app_password}") == false)
        }
    }

    @Test("a view is no table of accounts, and what it shows is not counted twice")
    func views() async throws {
        try await Self.detected(Self.users + "CREATE VIEW accounts AS SELECT * FROM users;\n") { report, _ in
            #expect(report.candidates.map(\.table) == ["users"])
            #expect(report.candidates.first?.confidence == .sure)
        }
    }

    @Test("no value of the database is in the answer")
    func noValues() async throws {
        try await Self.detected(Self.users) { report, _ in
            var words = ""
            dump(report, to: &words)
            for value in [Self.hash, "4g4pQ5P2XKHt", "ada@example.org", "'ada'", "grace"] {
                #expect(!words.contains(value), "\(value)")
            }
        }
    }
}
