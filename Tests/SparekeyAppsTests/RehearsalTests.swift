import Foundation
import Sparekey
import SparekeyApps
import SparekeySQL
import SparekeyTesting
import Testing

@Suite("A rehearsal of what was detected")
struct RehearsalTests {
    static let places: [(ExpectedAccounts, TestDatabase.Kind)] = ExpectedAccounts.all.flatMap { expected in
        expected.kinds.filter(TestDatabase.Kind.drivers.contains).map { (expected, $0) }
    }

    static func rehearse(_ profile: Profile, _ database: any SQLDatabase) async throws -> RehearseReset.Outcome {
        try await RehearseReset(profile, clock: SystemWallClock(), random: SystemRandomSource())(in: database)
    }

    @Test("resets an account in the program's own form, and takes everything back", arguments: places)
    func takenBack(expected: ExpectedAccounts, kind: TestDatabase.Kind) async throws {
        try await AppFixture.with(expected.name, on: kind) { _, database in
            let found = try await DetectionScoreTests.detect(database).candidates.first
            guard let profile = found?.profile, let password = found?.columns["password"] else { return }
            let before = try await AppFixture.dump(database)
            let outcome = try await Self.rehearse(profile, database)
            #expect(outcome.isGood, "\(outcome.words)")
            #expect(found?.passwordTable != nil || outcome.columns.contains(password))
            #expect(outcome.rows > 0)
            #expect(try await AppFixture.dump(database) == before)
        }
    }

    @Test("a trigger that changes more is seen, and taken back too")
    func triggers() async throws {
        let trigger = """
            CREATE TABLE trail (note TEXT);
            CREATE TRIGGER note_it AFTER UPDATE ON users BEGIN INSERT INTO trail VALUES ('a change'); END;

            """
        try await DetectionTests.detected(DetectionTests.users + trigger) { report, database in
            let profile = try #require(report.candidates.first?.profile)
            let before = try await AppFixture.dump(database)
            let outcome = try await Self.rehearse(profile, database)
            #expect(outcome.isVerified && !outcome.isNothingElse && !outcome.isGood)
            #expect(try await AppFixture.dump(database) == before)
        }
    }

    @Test("a trigger on a server keeps it from being tried at all")
    func triggersOfServers() async throws {
        guard TestDatabase.Kind.all.contains(.postgreSQL) else { return }
        try await AppFixture.with("umami", on: .postgreSQL) { _, database in
            try await AppFixture.run(
                """
                CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
                CREATE TRIGGER note_it BEFORE UPDATE ON "user" FOR EACH ROW EXECUTE FUNCTION noted();

                """, in: database)
            let profile = try #require(try await DetectionScoreTests.detect(database).candidates.first?.profile)
            await #expect(throws: RehearseReset.Left.self) { try await Self.rehearse(profile, database) }
        }
    }

    @Test("is left where nobody has a password that can be read")
    func nobody() async throws {
        try await DetectionTests.detected(DetectionTests.users) { report, database in
            let profile = try #require(report.candidates.first?.profile)
            try await AppFixture.run("UPDATE users SET password = '';\n", in: database)
            await #expect(throws: RehearseReset.Left.self) { try await Self.rehearse(profile, database) }
        }
    }
}
