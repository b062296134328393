import Foundation
import Sparekey
import SparekeyApps
import SparekeySQL
import SparekeyTesting
import Testing

/// Tables of MySQL whose changes cannot be undone when a later step fails.
@Suite("A reset in tables without transactions", .enabled(if: !TestDatabase.isWithoutMariaDB))
struct NoTransactionTests {
    @Test("leaves the old password where the sessions cannot be ended")
    func sessionsStay() async throws {
        try await Self.with(
            """
            CREATE TRIGGER no BEFORE DELETE ON auth_token FOR EACH ROW
            SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no'
            """
        ) { directory, database, ada, old, new in
            let before = try await AppFixture.dump(database)
            await #expect(throws: SQLError.self) { _ = try await directory.apply(new, to: ada, expecting: old) }
            #expect(try await AppFixture.dump(database) == before)
        }
    }

    @Test("puts the old values back where the database keeps something else")
    func putBack() async throws {
        try await Self.with(Self.spoiling(always: false)) { directory, database, ada, old, new in
            await #expect(throws: RecoveryError(.notVerified, reason: "")) {
                _ = try await directory.apply(new, to: ada, expecting: old)
            }
            let kept = try #require(try await directory.read(ada))
            #expect(kept.agrees(with: old, in: directory.decisiveColumns) == true)
        }
    }

    @Test("does not say that nothing was changed where they cannot be put back")
    func spoilt() async throws {
        try await Self.with(Self.spoiling(always: true)) { directory, database, ada, old, new in
            await #expect(throws: RecoveryError(.unclear, reason: "")) {
                _ = try await directory.apply(new, to: ada, expecting: old)
            }
            let kept = try #require(try await directory.read(ada))
            #expect(kept.agrees(with: old, in: directory.decisiveColumns) == false)
        }
    }

    @Test("is announced in the preview, and takes effect")
    func announced() async throws {
        try await Self.with(nil) { directory, database, ada, old, new in
            let cautions = try await directory.preview(ada).cautions
            #expect(cautions.count == 1 && cautions[0].hasPrefix("auth_token, user: "))
            #expect(try await directory.apply(new, to: ada, expecting: old) == .applied)
            let left = try await database.transaction(.read) {
                try $0.query("SELECT id FROM auth_token WHERE user_id = 1")
            }
            #expect(left.isEmpty)
        }
    }

    /// A trigger that keeps another hash than the one that is written: of the new ones only, or of all.
    private static func spoiling(always: Bool) -> String {
        """
        CREATE TRIGGER keep BEFORE UPDATE ON `user` FOR EACH ROW
        SET NEW.passwd = IF(\(always ? "1" : "NEW.salt <> OLD.salt AND OLD.passwd <> 'spoilt'"), 'spoilt', NEW.passwd)
        """
    }

    private static func with(
        _ trigger: String?,
        _ body: (ProgramDirectory, any SQLDatabase, Account, StoredColumns, StoredColumns) async throws -> Void
    ) async throws {
        try await ProgramDirectoryTests.with("gitea", on: .mariaDB) { directory, database in
            for table in ["user", "auth_token"] {
                try await AppFixture.run("ALTER TABLE `\(table)` ENGINE = Aria", in: database)
            }
            if let trigger { try await AppFixture.run(trigger, in: database) }
            let ada = try #require(try await directory.find(AccountName("ada")))
            let (old, new) = try await ProgramDirectoryTests.make("a new password 4711", ada, directory)
            try await body(directory, database, ada, old, new)
        }
    }
}
