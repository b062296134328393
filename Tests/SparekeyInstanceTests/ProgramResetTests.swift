import Foundation
import Sparekey
import SparekeyApps
import SparekeySQL
import Testing

@testable import SparekeyInstance
@testable import SparekeyStore

/// What a crash between the two databases leaves, and how the next start settles it (house.md, Two databases).
@Suite("A reset in a program that was cut off")
struct ProgramResetTests {
    /// Where the process ended.
    enum End: String, CaseIterable {
        case beforeTheProgram, afterTheProgram, betweenTableAndDocument, changedSince
    }

    @Test("is settled at the next start by what the program holds", arguments: End.allCases)
    func settled(end: End) async throws {
        try await Self.withNexus { options, folder in
            let number = try await Self.cutOff(end, options, folder)
            let before = try await Self.hashes(folder)
            let instance = try await Instance.open(options, mayCreate: false)
            #expect(instance.warnings.isEmpty)
            let state = try await instance.journal.record(number)?.state
            let actions = try await instance.auditTrail.rows(before: nil, limit: 10).rows.map {
                try AuditRecord($0).action
            }
            await instance.close()
            let after = try await Self.hashes(folder)
            switch end {
            case .beforeTheProgram:
                #expect(state == .abandoned && after == before && after == Self.old)
                #expect(actions.isEmpty)
            case .afterTheProgram:
                #expect(state == .done && after == before && Set(after).isDisjoint(with: Self.old))
                #expect(actions == ["password.reset"])
            case .betweenTableAndDocument:
                #expect(
                    state == .abandoned && after == Self.old && before[0] == Self.old[0] && before[1] != Self.old[1])
                #expect(actions.isEmpty)
            case .changedSince:
                #expect(state == .unclear && after == before)
                #expect(actions == ["reset.unclear"])
            }
        }
    }

    @Test("stays as it is, and is told, while its database is not there")
    func notReached() async throws {
        try await Self.withNexus { options, folder in
            let number = try await Self.cutOff(.afterTheProgram, options, folder)
            let database = folder.appending(path: "nexus.db")
            let away = folder.appending(path: "away.db")
            try FileManager.default.moveItem(at: database, to: away)
            let first = try await Instance.open(options, mayCreate: false)
            #expect(first.warnings.count == 1 && first.warnings[0].contains("reset \(number)"))
            #expect(try await first.journal.record(number)?.state == .prepared)
            await first.close()
            try FileManager.default.moveItem(at: away, to: database)
            let second = try await Instance.open(options, mayCreate: false)
            #expect(try await second.journal.record(number)?.state == .done)
            await second.close()
        }
    }

    @Test("ends as if it had not begun where the program's database is locked all the while, and is not called unclear")
    func locked() async throws {
        try await Self.withNexus { options, folder in
            let instance = try await Instance.open(options, mayCreate: true)
            let path = folder.appending(path: "nexus.db").path
            let program = try await FoundProgram(.address(path, profile: nil), options, choose: { _ in nil })
            let account = try await program.account("admin").account.account
            let database = try await SQLiteDatabase.program(path: path, busyTimeout: .milliseconds(50))
            let directory = program.directory(in: .database(database), isConfirmed: false)
            let opened = OpenedProgram(
                instance: instance, directory: directory, store: .database(database), bindings: nil)
            let plan = try await Self.plan(account, opened, instance)
            let prepared = try await instance.store.prepare(plan)
            var options = SQLiteOptions()
            options.isExclusive = true
            let other = try await SQLiteDatabase(path: path, options: options)
            _ = try await other.transaction(.write) { try $0.execute("UPDATE users SET username = username") }
            let ledger = AppLedger(journal: instance.store, directory: directory)
            let error = await #expect(throws: SQLError.self) { try await ledger.commit(prepared) }
            #expect(error?.code == .busy)
            #expect(try await instance.journal.record(prepared.number)?.state == .abandoned)
            await other.close()
            await prepared.release()
            await opened.close()
            #expect(try await Self.hashes(folder) == Self.old)
            await instance.close()
        }
    }

    private static func plan(
        _ account: Account, _ opened: OpenedProgram, _ instance: Instance
    ) async throws -> ResetPlan {
        let request = ResetRequest(
            account: account, password: try await instance.acceptPassword.generate(for: account),
            form: .named, proof: .operatorShell, actor: .server, reason: nil, forceChange: nil, keepsUndo: true)
        let old = try #require(try await opened.directory.read(account))
        let maker = MakeProgramCredentials(opened.directory, clock: instance.clock, random: instance.random)
        let new = try await maker(
            request.password.password, account: account, replacing: old, requireChange: true, expiresAt: nil)
        return try await opened.resetPassword.plan(request, new: new)
    }

    static let old = Array(repeating: "$2b$10$T1sUI8mx6ZRQb/eXTQAQHezqXNF0bUV2sMfv4LFxXxhrclp1d/ccC", count: 2)

    /// A reset that is written down and not applied yet.
    struct Begun {
        let instance: Instance
        let opened: OpenedProgram
        let prepared: PreparedReset

        var plan: ResetPlan { prepared.plan }
        var ledger: AppLedger { AppLedger(journal: instance.store, directory: opened.directory) }

        /// As the end of the process does.
        func end() async {
            await opened.close()
            await prepared.release()
            await instance.close()
        }
    }

    static func begin(
        _ address: String, _ name: String, _ options: InstanceOptions, clock: any WallClock = SystemWallClock()
    ) async throws -> Begun {
        let instance = try await Instance.open(options, mayCreate: true, clock: clock)
        let program = try await FoundProgram(
            .address(address, profile: nil), options.forProgram, choose: { _ in nil })
        let account = try await program.account(name).account.account
        let opened = try await instance.open(program)
        let request = ResetRequest(
            account: account, password: try await instance.acceptPassword(for: program).generate(for: account),
            form: .named, proof: .operatorShell, actor: .server, reason: nil, forceChange: nil, keepsUndo: true)
        let old = try #require(try await opened.directory.read(account))
        let maker = MakeProgramCredentials(opened.directory, clock: instance.clock, random: instance.random)
        let new = try await maker(
            request.password.password, account: account, replacing: old, requireChange: true, expiresAt: nil)
        let prepared = try await instance.store.prepare(try await opened.resetPassword.plan(request, new: new))
        return Begun(instance: instance, opened: opened, prepared: prepared)
    }

    /// Goes the ledger's way and stops, as a process that is killed does: its lock is free afterwards.
    private static func cutOff(_ end: End, _ options: InstanceOptions, _ folder: URL) async throws -> Int64 {
        let database = folder.appending(path: "nexus.db")
        let begun = try await begin(database.path, "admin", options)
        let document = folder.appending(path: "admin-credentials.json")
        let text = try Data(contentsOf: document)
        if end != .beforeTheProgram {
            let (plan, directory) = (begun.plan, begun.opened.directory)
            #expect(try await directory.apply(plan.new, to: plan.account, expecting: plan.old) == .applied)
        }
        if end == .betweenTableAndDocument { try text.write(to: document) }
        if end == .changedSince {
            await begun.opened.close()
            let other = try await SQLiteDatabase.program(path: database.path)
            _ = try await other.transaction(.write) { try $0.execute("UPDATE users SET password = 'x' WHERE id = 1") }
            await other.close()
        }
        await begun.end()
        return begun.prepared.number
    }

    /// The document's, then the table's.
    static func hashes(_ folder: URL) async throws -> [String] {
        let text = try String(contentsOf: folder.appending(path: "admin-credentials.json"), encoding: .utf8)
        let document = try #require(text.firstMatch(of: /"password": "([^"]*)"/)).1
        let database = try await SQLiteDatabase.preview(path: folder.appending(path: "nexus.db").path)
        let table = try await database.transaction(.read) { connection in
            try connection.query("SELECT password FROM users WHERE id = 1").map { try $0.text("password") }
        }
        await database.close()
        return [String(document)] + table
    }

    static func withNexus(database own: String? = nil, _ body: (InstanceOptions, URL) async throws -> Void) async throws
    {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sparekey-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: folder) }
        let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/apps")
        try FileManager.default.copyItem(
            at: fixtures.appending(path: "nexus-admin-credentials.json"),
            to: folder.appending(path: "admin-credentials.json"))
        let script = try String(contentsOf: fixtures.appending(path: "nexus.sql"), encoding: .utf8)
        let database = try await SQLiteDatabase(
            path: folder.appending(path: "nexus.db").path, options: SQLiteOptions(mode: .mayCreate))
        let statements = script.components(separatedBy: ";\n").filter { !$0.allSatisfy(\.isWhitespace) }
        try await database.transaction(.write) { connection in
            for statement in statements { try connection.execute(SQLStatement(stringLiteral: statement)) }
        }
        await database.close()
        let options = InstanceOptions(
            data: folder.appending(path: "data").path, config: nil, database: own, environment: [:])
        try await body(options, folder)
    }
}
