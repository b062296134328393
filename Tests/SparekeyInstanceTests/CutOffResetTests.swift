import Foundation
import SparekeyApps
import SparekeySQL
import SparekeyTesting
import Testing

@testable import Sparekey
@testable import SparekeyInstance
@testable import SparekeyStore

/// What the next commands do with resets in programs that were cut off, where the program's database is not simply there.
@Suite("A reset in a program that nobody could settle at once")
struct CutOffResetTests {
    /// The lock ends with its connection, and this process need not notice.
    @Test("that another process took for cut off is done once it is applied", arguments: TestDatabase.Kind.all)
    func takenForCutOff(kind: TestDatabase.Kind) async throws {
        try await TestDatabase.with(kind) { test in
            let own = kind == .sqlite ? nil : try test.url()
            try await ProgramResetTests.withNexus(database: own) { options, folder in
                let begun = try await ProgramResetTests.begin(
                    folder.appending(path: "nexus.db").path, "admin", options)
                let number = begun.prepared.number
                await begun.prepared.release()
                let other = try await Instance.open(options, mayCreate: false)
                #expect(try await other.journal.record(number)?.state == .abandoned)
                await other.close()
                guard case .done = try await begun.ledger.commit(begun.prepared) else {
                    Issue.record("it is applied, and the ledger does not say so")
                    return
                }
                let record = try #require(try await begun.instance.journal.record(number))
                #expect(record.state == .done && record.undoUntil == begun.plan.undoUntil)
                let rows = try await begun.instance.auditTrail.rows(before: nil, limit: 10).rows
                #expect(try rows.map { try AuditRecord($0).action } == ["password.reset"])
                #expect(Set(try await ProgramResetTests.hashes(folder)).isDisjoint(with: ProgramResetTests.old))
                _ = try await begun.opened.undoReset(number, actor: .server, reason: nil)
                #expect(try await ProgramResetTests.hashes(folder) == ProgramResetTests.old)
                await begun.end()
            }
        }
    }

    @Test("and that another process took back stays taken back", arguments: TestDatabase.Kind.all)
    func takenBack(kind: TestDatabase.Kind) async throws {
        try await TestDatabase.with(kind) { test in
            let own = kind == .sqlite ? nil : try test.url()
            try await ProgramResetTests.withNexus(database: own) { options, folder in
                let begun = try await ProgramResetTests.begin(
                    folder.appending(path: "nexus.db").path, "admin", options)
                let (number, plan) = (begun.prepared.number, begun.plan)
                let directory = begun.opened.directory
                #expect(try await directory.apply(plan.new, to: plan.account, expecting: plan.old) == .applied)
                #expect(try await directory.apply(plan.old, to: plan.account, expecting: plan.new) == .applied)
                try await begun.instance.store.drop(number, at: begun.instance.now)
                await #expect(throws: RecoveryError(.unclear, reason: "")) {
                    _ = try await begun.ledger.finish(begun.prepared)
                }
                #expect(try await begun.instance.journal.record(number)?.state == .abandoned)
                await begun.end()
            }
        }
    }

    @Test("keeps no passwords longer than undo would: then it is unclear, and the trail says so")
    func overdue() async throws {
        try await ProgramResetTests.withNexus { options, folder in
            let clock = FixedClock()
            let path = folder.appending(path: "nexus.db")
            let begun = try await ProgramResetTests.begin(path.path, "admin", options, clock: clock)
            await begun.end()
            let number = begun.prepared.number
            try FileManager.default.removeItem(at: path)
            clock.advance(by: .seconds(24 * 3600 - 1))
            let early = try await Instance.open(options, mayCreate: false, clock: clock)
            #expect(try await early.store.sealedColumns(of: number) != nil)
            await early.close()
            clock.advance(by: .seconds(1))
            let late = try await Instance.open(options, mayCreate: false, clock: clock)
            #expect(late.warnings.count == 1 && late.warnings[0].contains("reset \(number)"))
            #expect(try await late.journal.record(number)?.state == .unclear)
            #expect(try await late.store.sealedColumns(of: number) == nil)
            let rows = try await late.auditTrail.rows(before: nil, limit: 10).rows
            #expect(try rows.map { try AuditRecord($0).action } == ["reset.unclear"])
            await late.close()
            let after = try await Instance.open(options, mayCreate: false, clock: clock)
            #expect(after.warnings.isEmpty)
            await after.close()
        }
    }

    @Test("a new password file goes to the address that it belongs to, and to no other")
    func passwordOfAnotherServer() async throws {
        try await ProgramResetTests.withNexus { options, folder in
            await (try await Instance.open(options, mayCreate: true)).close()
            let file = folder.appending(path: "password")
            try Data("hunter2".utf8).write(to: file)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
            let settings = """
                apps:
                  git:
                    profile: gitea
                    database: mysql://git@new.example.org/gitea
                    password_file: \(file.path)

                """
            try Data(settings.utf8).write(to: folder.appending(path: "data/sparekey.yaml"))
            let instance = try await Instance.open(options, mayCreate: false)
            func password(_ name: String, _ database: String, at address: String? = nil) throws -> String? {
                let app = AppReference(name: name, profile: "gitea", database: database)
                return try instance.program(app, at: address).password
            }
            #expect(try password("git", "mysql://git@old.example.org/gitea") == nil)
            #expect(try password("git", "mysql://git@new.example.org/gitea") == "hunter2")
            #expect(try password("git", "mysql://git@new.example.org/gitea", at: "mysql://git@third.org/gitea") == nil)
            #expect(try password("gitea", "mysql://git@new.example.org/gitea") == "hunter2")
            await instance.close()
        }
    }

    @Test(
        "is settled by the next command that names its database with the password, and is no riddle to it",
        .enabled(if: !TestDatabase.isWithoutMariaDB))
    func passwordInAddress() async throws {
        try await Self.withGitea { address, program in
            try await ProgramResetTests.withNexus { options, _ in
                let begun = try await ProgramResetTests.begin(address, "ada", options)
                let (number, plan) = (begun.prepared.number, begun.plan)
                #expect(plan.app?.database.contains("hunter2") == false)
                let directory = begun.opened.directory
                #expect(try await directory.apply(plan.new, to: plan.account, expecting: plan.old) == .applied)
                await begun.end()
                let without = try await Instance.open(options, mayCreate: false)
                #expect(without.warnings.count == 1 && without.warnings[0].contains("reset \(number)"))
                await without.close()
                let found = try await FoundProgram(.address(address, profile: nil), options, choose: { _ in nil })
                for known in [try ProgramAddress("mysql://else@127.0.0.1:1/else"), ProgramAddress(found)] {
                    let instance = try await Instance.open(options, mayCreate: false, known: known)
                    let isSettled = known.isPlace(of: try #require(plan.app))
                    #expect(instance.warnings.isEmpty == isSettled)
                    #expect(try await instance.journal.record(number)?.state == (isSettled ? .done : .prepared))
                    await instance.close()
                }
            }
        }
    }

    /// Gitea's tables on the MariaDB server, with a user of their own: the address holds the password.
    private static func withGitea(_ body: (String, any SQLDatabase) async throws -> Void) async throws {
        try await TestDatabase.with(.mariaDB) { test in
            let database = try await test.open()
            let fixture = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .appending(path: "Fixtures/apps/gitea.sql")
            let script = try String(contentsOf: fixture, encoding: .utf8)
                .replacing("AUTOINCREMENT", with: "AUTO_INCREMENT").replacing(" TEXT", with: " VARCHAR(255)")
            let statements = script.components(separatedBy: ";\n").filter { !$0.allSatisfy(\.isWhitespace) }
            let name = try await database.transaction(.write) { connection in
                for statement in statements { try connection.execute(SQLStatement(stringLiteral: statement)) }
                return try connection.query("SELECT DATABASE() AS name").first?.text("name") ?? ""
            }
            let user = "u" + UUID().uuidString.prefix(8).lowercased()
            let create = "CREATE USER \(user)@'127.0.0.1' IDENTIFIED BY 'hunter2'"
            let grant = "GRANT ALL ON \(name).* TO \(user)@'127.0.0.1'"
            try await TestDatabase.administerMariaDB(
                SQLStatement(stringLiteral: create), SQLStatement(stringLiteral: grant))
            let port = ProcessInfo.processInfo.environment["SPAREKEY_TEST_MARIADB_PORT", default: ""]
            let outcome: (any Error)?
            do {
                try await body("mysql://\(user):hunter2@127.0.0.1:\(port)/\(name)", database)
                outcome = nil
            } catch {
                outcome = error
            }
            await database.close()
            try await TestDatabase.administerMariaDB(SQLStatement(stringLiteral: "DROP USER \(user)@'127.0.0.1'"))
            if let outcome { throw outcome }
        }
    }
}
