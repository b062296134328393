import Sparekey
import SparekeySQL
import SparekeyTesting
import Testing

@testable import SparekeyStore

@Suite("A move to another database")
struct MoveTests {
    @Test("takes every table that there is, by its primary key")
    func tables() async throws {
        try await StoreFixture.with(.sqlite) { fixture in
            let rows = try await fixture.store.database.transaction(.read) { connection in
                try connection.query(
                    """
                    SELECT m.name AS name, k.name AS key FROM sqlite_master m JOIN pragma_table_info(m.name) k ON k.pk > 0
                    WHERE m.type = 'table'
                    """)
            }
            let found = try rows.map { "\(try $0.text("name")) \(try $0.text("key"))" }
            #expect(found.sorted() == MovedTable.all.map { "\($0.name) \($0.key)" }.sorted())
        }
    }

    @Test("nothing is lost, and the other store goes on with it", .enabled(if: !TestDatabase.isWithoutPostgreSQL))
    func whole() async throws {
        try await StoreFixture.with(.sqlite) { source in
            let account = try await source.add("kim")
            let report = try await source.pipeline()(try await source.request(account, "a new password"))
            for number in 0..<5 { try await source.add("other\(number)") }
            try await TestDatabase.with(.postgreSQL) { database in
                let opened = try await database.open(timeout: .seconds(60))
                let target = MoveTarget(opened, key: source.key)
                #expect(try await target.state() == .empty)
                try await target.prepare("move")
                let moved = try await source.store.copyAll(to: target) { _, _ in }
                #expect(moved.first { $0.table == "account" }?.rows == 6)
                try await leave(source, target, opened, account, report)
                await opened.close()
            }
        }
    }

    private func leave(
        _ source: StoreFixture, _ target: MoveTarget, _ opened: any SQLDatabase, _ account: Account,
        _ report: ResetReport
    ) async throws {
        // Until its end the target opens for nobody, and may be begun anew.
        #expect(try await target.state() == .unfinished("move"))
        let early = await refusal { try await open(opened, source.key) }
        #expect(early == .unfinishedMove)
        try await source.store.leave(MoveMark(id: "move", place: "elsewhere"))
        let late = await refusal { _ = try await source.another() }
        #expect(late == .moved)
        let audit = AuditEvent(.moved, actor: StoreFixture.actor, at: source.clock.now, account: nil)
        for _ in 0..<2 {
            try await target.finish(
                MoveMark(id: "move", place: "elsewhere"), audit: audit, random: SystemRandomSource(), heads: nil)
        }
        #expect(try await target.state() == .inUse("move"))
        let store = try await SparekeyStore.open(
            opened, key: source.key, mayCreate: false, random: SystemRandomSource())
        #expect(try await store.read(account) == source.store.read(account))
        #expect(try await store.verifyAuditTrail().rows == source.store.verifyAuditTrail().rows + 1)
        let undo = UndoReset(
            directory: store, ledger: store, journal: store, refresh: NoServerToRefresh(), clock: source.clock,
            random: SystemRandomSource())
        _ = try await undo(report.number, actor: StoreFixture.actor, reason: nil)
    }

    @Test("a table whose content differs is found")
    func digest() {
        let columns = ["a", "b"]
        var (one, other) = (TableDigest(), TableDigest())
        for row in [[SQLValue.text("x"), .integer(1)], [.text("y"), .null]] {
            one.add(SQLRow(columns: columns, values: row))
        }
        for row in [[SQLValue.null, .text("y")], [.integer(1), .text("x")]] {
            other.add(SQLRow(columns: columns.reversed(), values: row))
        }
        #expect(one == other)
        var changed = TableDigest()
        changed.add(SQLRow(columns: columns, values: [.text("x"), .integer(1)]))
        changed.add(SQLRow(columns: columns, values: [.text("y"), .integer(0)]))
        #expect(changed != one)
    }

    private func open(_ database: any SQLDatabase, _ key: InstanceKey) async throws {
        _ = try await SparekeyStore.open(database, key: key, mayCreate: true, random: SystemRandomSource())
    }

    private func refusal(_ work: () async throws -> Void) async -> StoreError.Code? {
        do {
            try await work()
            return nil
        } catch {
            return (error as? StoreError)?.code
        }
    }
}

@Suite("What is committed is announced", .enabled(if: !TestDatabase.isWithoutPostgreSQL))
struct ChangeFeedTests {
    @Test("a reset, a disabled account, a sign-out: to every server of the database, with the account's id")
    func told() async throws {
        try await StoreFixture.with(.postgreSQL) { fixture in
            let account = try await fixture.add("kim")
            let other = try await fixture.another()
            let feed = try #require(try other.changeFeed())
            #expect(try await feed.next() == [.anything])
            _ = try await fixture.pipeline()(try await fixture.request(account, "a new password"))
            try await hears(account, feed)
            let audit = AuditEvent(.accountDisabled, actor: StoreFixture.actor, at: fixture.clock.now, account: account)
            _ = try await fixture.store.setActive(false, account: account, audit: audit)
            try await hears(account, feed)
            try await fixture.store.remove(account, audit: audit)
            try await hears(account, feed)
            await feed.close()
            await other.close()
        }
    }

    /// Other tests' accounts, of other schemas of the same database, are heard too.
    private func hears(_ account: Account, _ feed: any ChangeFeed) async throws {
        while try await !feed.next().contains(.account(account.id)) {}
    }

    @Test("a file tells nobody")
    func file() async throws {
        try await StoreFixture.with(.sqlite) { fixture in
            let feed = try fixture.store.changeFeed()
            #expect(feed == nil)
        }
    }
}
