import Foundation
import PasswordHashing
import Sparekey
import SparekeySQL
import SparekeyStore
import SparekeyTesting
import Synchronization
import Testing

@Suite("What reset codes leave behind, and what they tell")
struct CodeSecrecyTests {
    @Test(
        "neither a code nor a typed name stands in the database, its write-ahead log included",
        arguments: TestDatabase.Kind.all)
    func atRest(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            try await fixture.add("ada")
            let codes = CodeFixture(fixture)
            let code = try #require(try await codes.code(for: "ada", random: KnownCodes(number: 847_293)))
            try await codes.request(name: "typed-a-Password", address: nil)
            try await codes.issue()()
            #expect(await !codes.verifies("ada", "639174"))
            #expect(await codes.verifies("ada", code))
            for needle in [code, "639174", "typed-a-Password", "typed-a-password"] {
                #expect(try await !stored(needle, fixture))
            }
            #expect(try await stored("code.requested", fixture))
            try await codes.use("ada", code, "meadow-Copper-74")
            #expect(try await !stored(code, fixture))
        }
    }

    @Test("a sealed copy goes at use, at a void and after expiry", arguments: TestDatabase.Kind.all)
    func seals(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada")
            let codes = CodeFixture(fixture)
            let sealed: SQLStatement = "SELECT count(*) AS n FROM reset_code WHERE sealed IS NOT NULL"
            let first = try #require(try await codes.code(for: "ada"))
            _ = try await codes.code(for: "ada")
            #expect(try await fixture.number(sealed) == 2)
            try await codes.use("ada", first, "meadow-Copper-74")
            #expect(try await fixture.number(sealed) == 0)
            _ = try await codes.code(for: "ada")
            _ = try await fixture.pipeline()(try await fixture.request(account, "by the operator"))
            #expect(try await fixture.number(sealed) == 0)
            _ = try await codes.code(for: "ada")
            fixture.clock.advance(by: .seconds(600))
            #expect(
                await recoveryCode { _ = try await codes.decide.reveal(4, actor: StoreFixture.actor, reason: nil) }
                    == .requestClosed)
            try await codes.issue()()
            #expect(try await fixture.number(sealed) == 0)
        }
    }

    @Test("old rows go, a bounded number at a time, and what still counts stays", arguments: TestDatabase.Kind.all)
    func tidying(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            try await fixture.add("ada")
            let codes = CodeFixture(fixture)
            for name in ["ada", "nobody"] {
                _ = try await codes.code(for: name)
                #expect(await !codes.verifies(name, "000000"))
            }
            #expect(try await fixture.store.tidyCodes(now: fixture.clock.now) == 0)
            fixture.clock.advance(by: .seconds(3 * 86_400))
            try await fixture.store.tidyCodes(now: fixture.clock.now)
            #expect(try await fixture.number("SELECT count(*) AS n FROM reset_request") == 2)
            #expect(try await fixture.number("SELECT count(*) AS n FROM code_tries") == 1)
            fixture.clock.advance(by: .seconds(5 * 86_400))
            try await fixture.store.tidyCodes(now: fixture.clock.now)
            #expect(try await fixture.number("SELECT count(*) AS n FROM reset_request") == 0)
            #expect(try await fixture.number("SELECT count(*) AS n FROM reset_code") == 0)
            #expect(try await fixture.number("SELECT count(*) AS n FROM code_day") == 0)
            // What was compared since the last success.
            #expect(try await fixture.number("SELECT compared AS n FROM code_tries") == 1)
        }
    }

    @Test(
        "request, verify and reset do the same work, and so does the worker for a name that nobody has",
        arguments: TestDatabase.Kind.all)
    func sameWork(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            try await fixture.add("ada")
            try await fixture.add("eve")
            try await fixture.execute("UPDATE account SET active = 0 WHERE username = 'eve'")
            let recorded = RecordingDatabase(try await fixture.database.open())
            let store = try await SparekeyStore.open(
                recorded, key: fixture.key, mayCreate: false, random: SystemRandomSource())
            let codes = CodeFixture(fixture, store)
            var work: [String: [[String]]] = [:]
            for name in ["ada", "eve", "nobody", "n\u{0}body"] {
                let steps: [@Sendable () async -> Void] = [
                    { _ = await codes.verifies(name, "000000") },
                    { _ = await recoveryCode { try await codes.request(name: name, address: nil) } },
                    { _ = await codes.verifies(name, "000000") },
                    { _ = await recoveryCode { try await codes.issue(KnownCodes(number: 847_293))() } },
                    { _ = await codes.verifies(name, "000000") },
                    { _ = await codes.refusal(name, "000000", "meadow-Copper-74") },
                    { for _ in 0..<5 { _ = await codes.verifies(name, "000000") } },
                    { _ = await codes.refusal(name, "847293", "meadow-Copper-74") },
                    { _ = await codes.refusal(name, "12345", "meadow-Copper-74") },
                ]
                for step in steps {
                    _ = recorded.take()
                    await step()
                    work[name, default: []].append(recorded.take())
                }
            }
            let expected = try #require(work["ada"])
            #expect(expected.last == [] && expected[0].count > 8)
            for name in ["eve", "nobody", "n\u{0}body"] { #expect(work[name] == expected) }
            await store.close()
        }
    }

    /// Whether the text stands in the files of the database, or in any row of PostgreSQL's.
    private func stored(_ needle: String, _ fixture: StoreFixture) async throws -> Bool {
        switch fixture.database.kind {
        case .sqlite:
            let files = try FileManager.default.contentsOfDirectory(
                at: fixture.database.folder, includingPropertiesForKeys: nil)
            return try files.contains { try Data(contentsOf: $0).range(of: Data(needle.utf8)) != nil }
        case .postgreSQL:
            let hexadecimal = Array(needle.utf8).hexadecimal
            let tables = ["audit", "reset", "reset_request", "reset_code", "code_tries", "code_day", "account"]
            for table in tables {
                let rows = try await fixture.rows("SELECT CAST(t AS text) AS row FROM \(identifier: table) AS t")
                if try rows.contains(where: {
                    let row = try $0.text("row")
                    return row.contains(needle) || row.contains(hexadecimal)
                }) {
                    return true
                }
            }
            return false
        case .mariaDB: throw TestDatabase.Kind.NotAnOwnDirectory()
        }
    }
}

/// Writes down every statement, without its values, and how many rows it changed.
private final class RecordingDatabase: SQLDatabase {
    private let base: any SQLDatabase
    private let log = Mutex<[String]>([])

    init(_ base: any SQLDatabase) {
        self.base = base
    }

    var dialect: SQLDialect { base.dialect }
    var place: String { base.place }

    func take() -> [String] {
        log.withLock { log in
            defer { log = [] }
            return log
        }
    }

    func transaction<Value: Sendable>(
        _ access: SQLAccess, _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        log.withLock { $0.append("\(access)") }
        return try await base.transaction(access) { connection in
            try body(Recording(base: connection, database: self))
        }
    }

    func lock(_ number: Int64) async throws -> (any SQLLock)? { try await base.lock(number) }
    func close() async { await base.close() }

    private struct Recording: SQLConnection {
        let base: any SQLConnection
        let database: RecordingDatabase

        var dialect: SQLDialect { base.dialect }

        func execute(_ statement: SQLStatement) throws -> Int {
            let changed = try base.execute(statement)
            database.log.withLock { $0.append("\(statement): \(changed)") }
            return changed
        }

        func query(_ statement: SQLStatement) throws -> [SQLRow] {
            database.log.withLock { $0.append("\(statement)") }
            return try base.query(statement)
        }
    }
}
